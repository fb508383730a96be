import Testing

@testable import MartletBroker

@Suite struct HashIndexTests {
    private struct Pair: Hashable {
        let hash: UInt32
        let number: UInt32
    }

    /// Against a set, while it grows and shrinks; with few different hashes, so that chains become long.
    @Test(arguments: 0..<6 as Range<UInt64>)
    func findsWhatASetHolds(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var index = HashIndex()
        var held: Set<Pair> = []
        var list: [Pair] = []
        let hashes = random.pick([3, 40, 1 << 30])
        for round in 0..<60 {
            let grows = round % 3 != 2
            for _ in 0..<random.below(400) {
                if grows || list.isEmpty {
                    let spread = UInt32(truncatingIfNeeded: random.below(hashes) &* 0x9E37_79B9)
                    let pair = Pair(hash: spread & ~(1 << 31), number: UInt32(random.below(1 << 20)))
                    guard held.insert(pair).inserted else { continue }
                    list.append(pair)
                    index.insert(pair.hash, pair.number)
                } else {
                    let pair = list.remove(at: random.below(list.count))
                    held.remove(pair)
                    index.remove(pair.hash, pair.number)
                }
            }
            #expect(index.count == held.count)
            for pair in list where !Self.holds(pair, in: index) { Issue.record("\(pair) is not found") }
            for _ in 0..<50 {
                let pair = Pair(hash: UInt32(random.below(hashes)), number: UInt32(random.below(1 << 20)))
                #expect(Self.holds(pair, in: index) == held.contains(pair))
            }
        }
        for pair in list { index.remove(pair.hash, pair.number) }
        #expect(index.count == 0)
        for pair in list where Self.holds(pair, in: index) { Issue.record("\(pair) is still found") }
    }

    private static func holds(_ pair: Pair, in index: borrowing HashIndex) -> Bool {
        index.find(pair.hash) { $0 == pair.number } != nil
    }

    /// What is not there is not removed, and changes nothing.
    @Test func removesOnlyWhatIsMeant() {
        var index = HashIndex()
        index.insert(7, 1)
        index.insert(7, 2)
        index.remove(7, 3)
        index.remove(8, 1)
        #expect(index.count == 2)
        index.remove(7, 1)
        #expect(index.find(7) { _ in true } == 2)
    }
}
