import Testing

@testable import MartletBroker

@Suite struct QueueTableTests {
    /// With so many names that places follow each other closely, removal must not hide those behind a gap.
    @Test(arguments: 1..<9 as Range<UInt64>)
    func namesAreFoundWhileOthersComeAndGo(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = QueueTable(key: seed)
        var expected: [String: UInt32] = [:]
        for _ in 0..<3_000 {
            let name = String("queue/with.a-long_name:\(random.below(300))".dropFirst(random.below(3) * 8))
            if let index = expected[name] {
                guard let queue = table.find(name), queue.index == index, queue.name == name else {
                    Issue.record("\(name) is not found")
                    return
                }
                if random.chance(1, in: 2) {
                    table.remove(queue)
                    expected[name] = nil
                }
            } else {
                #expect(table.find(name) == nil)
                let queue = table.insert(name, settings: QueueSettings(), isAutoCreated: true, now: 0)
                #expect(!expected.values.contains(queue.index))
                expected[name] = queue.index
            }
        }
        #expect(table.count == expected.count)
        #expect(Set(table.all.map(\.name)) == Set(expected.keys))
        #expect(expected.allSatisfy { table.find($0.key)?.index == $0.value })
    }

    @Test func aRenamedQueueHasTheOrderOfItsNewNameAndCanGo() {
        var table = QueueTable(key: 1)
        let queues = ["m", "z"].map { table.insert($0, settings: QueueSettings(), isAutoCreated: true, now: 0) }
        table.rename(queues[1], to: "a")
        var names: [String] = []
        table.byName.forEach(after: nil) { queue in
            names.append(queue.name)
            return true
        }
        #expect(names == ["a", "m"])
        table.remove(queues[1])
        #expect(table.find("a") == nil && table.find("m") === queues[0])
    }

    @Test func aHiddenQueueKeepsItsPlaceAndLosesItsName() {
        var table = QueueTable(key: 1)
        let old = table.insert("q", settings: QueueSettings(), isAutoCreated: true, now: 0)
        table.hide(old)
        #expect(table.find("q") == nil)
        let new = table.insert("q", settings: QueueSettings(), isAutoCreated: true, now: 0)
        #expect(new.index != old.index)
        #expect(new.number != old.number)
        table.release(old)
        #expect(table.find("q") === new)
        #expect(table.insert("r", settings: QueueSettings(), isAutoCreated: true, now: 0).index == old.index)
    }
}
