import Testing

@testable import MartletBroker

@Suite struct ReplyOrderTests {
    private static func hold(_ reply: UInt8, in order: inout ReplyOrder) {
        withUnsafeBytes(of: reply) { order.append($0) }
    }

    private static func answer(_ number: Int, _ reply: UInt8, in order: inout ReplyOrder) -> [UInt8] {
        withUnsafeBytes(of: reply) { order.answer(number, $0) }.flatMap { $0 }
    }

    /// All orders in which three receives that wait can be answered, with ordinary replies between them.
    @Test func repliesLeaveInTheOrderOfTheRequestsWhateverIsAnsweredFirst() {
        for permutation in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            var order = ReplyOrder()
            var numbers: [Int] = []
            for reply in 0..<3 as Range<UInt8> {
                numbers.append(order.appendUnanswered())
                Self.hold(100 + reply, in: &order)
            }
            #expect(order.count == 6)
            #expect(order.heldBytes == 3)
            var left: [UInt8] = []
            for place in permutation {
                left += Self.answer(numbers[place], UInt8(place), in: &order)
            }
            #expect(left == [0, 100, 1, 101, 2, 102])
            #expect(order.isEmpty)
            #expect(order.heldBytes == 0)
        }
    }

    @Test func whatWaitsAloneLeavesAtOnce() {
        var order = ReplyOrder()
        for _ in 0..<200 {
            _ = order.appendUnanswered()
            let isAlone = order.answerAlone()
            #expect(isAlone)
            #expect(order.isEmpty)
        }
        _ = order.appendUnanswered()
        let second = order.appendUnanswered()
        let isAlone = order.answerAlone()
        #expect(!isAlone)
        let leaving = Self.answer(second, 2, in: &order)
        #expect(leaving.isEmpty)
    }

    @Test func aLongConversationIsKeptInOrder() {
        var order = ReplyOrder()
        var numbers: [Int] = []
        var left: [UInt8] = []
        for step in 0..<1_000 {
            numbers.append(order.appendUnanswered())
            if step >= 100 {
                left += Self.answer(numbers[step - 100], UInt8(truncatingIfNeeded: step - 100), in: &order)
            }
        }
        #expect(left == (0..<900).map { UInt8(truncatingIfNeeded: $0) })
        #expect(order.count == 100)
    }
}
