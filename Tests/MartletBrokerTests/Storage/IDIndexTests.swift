import Testing

@testable import MartletBroker

@Suite struct IDIndexTests {
    @Test(arguments: 0..<10 as Range<UInt64>)
    func idsLeadToTheirSlots(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var index = IDIndex()
        var expected: [Int: UInt32] = [:]
        var last = 0
        for _ in 0..<5_000 {
            if random.chance(11, in: 20) || expected.isEmpty {
                last += 1
                expected[last] = UInt32(last + 7)
                index.insert(last, UInt32(last + 7))
            } else {
                // Mostly the oldest goes, sometimes one in the middle, sometimes one that is not there.
                let id = random.chance(3, in: 4) ? expected.keys.min() ?? 1 : 1 + random.below(last + 200)
                expected[id] = nil
                index.remove(id)
            }
        }
        for id in 0...last + 300 {
            let slot = index.slot(of: id)
            guard slot == expected[id] ?? 0 else {
                Issue.record("id \(id) leads to \(slot)")
                return
            }
        }
    }

    @Test func gapsAreSteppedOver() {
        var index = IDIndex()
        let living = [1, 127, 128, 5_000, 100_000, 100_001]
        for id in 1...100_001 { index.insert(id, 1) }
        for id in 1...100_001 where !living.contains(id) { index.remove(id) }
        var found: [Int] = []
        var id = 1
        var steps = 0
        while true {
            id = index.nextPossible(from: id, through: 100_001)
            if id > 100_001 { break }
            if index.slot(of: id) != 0 { found.append(id) }
            id += 1
            steps += 1
        }
        #expect(found == living)
        #expect(steps < 1_500, "\(steps) looks for pages of 128")
    }
}
