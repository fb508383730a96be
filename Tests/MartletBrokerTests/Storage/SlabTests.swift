import Testing

@testable import MartletBroker

@Suite struct SlabTests {
    @Test func numberZeroIsNeverGivenOut() {
        let slab = Slab<Int>()
        let first = slab.insert(7)
        slab.remove(first)
        let again = slab.insert(8)
        #expect(first != 0)
        #expect(again != 0)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func recordsStayWhatTheyAreWhileOthersComeAndGo(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let slab = Slab<Int>()
        var expected: [UInt32: Int] = [:]
        for step in 0..<40_000 {
            // Swells over several chunks, and shrinks to nothing, again and again.
            let grows = step / 8_000 % 2 == 0
            if random.chance(grows ? 9 : 1, in: 10) || expected.isEmpty {
                let slot = slab.insert(step)
                guard expected.updateValue(step, forKey: slot) == nil else {
                    Issue.record("slot \(slot) was given out twice")
                    return
                }
            } else if let slot = expected.keys.first {
                guard slab[slot] == expected.removeValue(forKey: slot) else {
                    Issue.record("slot \(slot) has changed")
                    return
                }
                slab.remove(slot)
            }
        }
        let count = slab.count
        #expect(count == expected.count)
        let changed = expected.filter { slab[$0.key] != $0.value }
        #expect(changed.isEmpty)
    }

    @Test func memoryGoesBackAsChunksBecomeEmpty() {
        let slab = Slab<Int>()
        let slots = (0..<20_000).map { slab.insert($0) }
        let full = slab.allocatedBytes
        for slot in slots { slab.remove(slot) }
        let empty = slab.allocatedBytes
        #expect(full >= 20_000 * 8)
        #expect(empty <= 4_096 * 8, "one chunk is kept")
        let used = (slab.hasBeenUsed(slots[0]), slab.hasBeenUsed(1_000_000))
        #expect(!used.1)
    }

    @Test func aChunkAtTheEdgeIsFilledAgain() {
        let slab = Slab<Int>()
        let slots = (0..<4_095).map { slab.insert($0) }
        for _ in 0..<3 {
            let over = slab.insert(1)
            slab.remove(over)
        }
        slab.remove(slots[100])
        let filled = slab.insert(5)
        #expect(Set(slots).count == 4_095)
        #expect(!Set(slots).subtracting([slots[100]]).contains(filled))
    }
}
