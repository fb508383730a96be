import Testing

@testable import MartletBroker

struct NameOrderTests {
    private func names(_ order: NameOrder, after name: String? = nil, atMost limit: Int = .max) -> [String] {
        var found: [String] = []
        guard limit > 0 else { return found }
        order.forEach(after: name) { queue in
            found.append(queue.name)
            return found.count < limit
        }
        return found
    }

    private func queue(_ number: Int) -> Queue {
        let name = "q\(number)"
        return Queue(
            name: name,
            index: UInt32(number + 1),
            number: 1,
            settings: QueueSettings(),
            isAutoCreated: true,
            now: 0
        )
    }

    @Test(arguments: [1, 2, 3]) func namesAreInOrderWhileQueuesComeAndGo(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var order = NameOrder()
        var present: [String: Queue] = [:]
        for step in 0..<6_000 {
            let number = Int.random(in: 0..<3_000, using: &random)
            let candidate = queue(number)
            if let known = present[candidate.name] {
                order.remove(known)
                present[candidate.name] = nil
            } else {
                order.insert(candidate)
                present[candidate.name] = candidate
            }
            guard step % 500 == 0 else { continue }
            let sorted = present.keys.sorted()
            #expect(names(order) == sorted)
            let after = candidate.name
            #expect(names(order, after: after, atMost: 20) == Array(sorted.filter { $0 > after }.prefix(20)))
        }
        for queue in present.values { order.remove(queue) }
        #expect(names(order).isEmpty)
    }

    @Test func aNameThatIsNotThereIsAPlaceToGoOnFrom() {
        var order = NameOrder()
        #expect(names(order, after: "a").isEmpty)
        for number in 0..<2_000 { order.insert(queue(number)) }
        #expect(names(order, after: "a").count == 2_000)
        #expect(names(order, after: "z").isEmpty)
    }
}
