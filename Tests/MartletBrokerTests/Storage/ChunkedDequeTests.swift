import Testing

@testable import MartletBroker

@Suite struct ChunkedDequeTests {
    /// Against an array, across the edges of chunks.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func holdsWhatAnArrayWould(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var deque = ChunkedDeque<String>()
        var array: [String] = []
        for round in 0..<60 {
            for number in 0..<random.below(1_500) {
                deque.append("\(number)")
                array.append("\(number)")
            }
            let taken = random.below(array.count + 1)
            for _ in 0..<taken { deque.removeFirst() }
            array.removeFirst(taken)
            for _ in 0..<20 where !array.isEmpty {
                let place = random.below(array.count)
                deque[place] += "/\(round)"
                array[place] += "/\(round)"
            }
            #expect(deque.elementsEqual(array))
        }
    }
}
