import Testing

@testable import MartletBroker

@Suite struct ChunkedArenaTests {
    /// Against an array, across the edges of chunks.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func holdsWhatAnArrayWould(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var arena = ChunkedArena<Int>()
        var array: [Int] = []
        for round in 0..<40 {
            for number in 0..<random.below(3_000) {
                arena.append(number)
                array.append(number)
            }
            if round % 2 == 1 {
                for _ in 0..<random.below(array.count) where arena.removeLast() != array.removeLast() {
                    Issue.record("the last was another one")
                }
            }
            for _ in 0..<200 where !array.isEmpty {
                let place = random.below(array.count)
                arena[place] += round
                array[place] += round
            }
            if random.chance(1, in: 12) {
                arena.removeAll()
                array.removeAll()
            }
            #expect(arena.count == array.count)
            for place in array.indices where arena[place] != array[place] { Issue.record("\(place) differs") }
        }
    }
}
