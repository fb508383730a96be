import Testing

@testable import MartletServer

struct ConnectionTableTests {
    @Test func aSlotUsedAgainIsAnotherConnection() {
        var table = ConnectionTable()
        let first = table.insert(descriptor: 1)
        let second = table.insert(descriptor: 2)
        table.remove(first.id)
        #expect(table[first.id] == nil)
        let third = table.insert(descriptor: 3)
        #expect(third.id.slot == first.id.slot)
        #expect(third.id != first.id)
        #expect(table[first.id] == nil)
        #expect(table[third.id] === third)
        #expect(table[second.id] === second)
        #expect(table.count == 2)
    }

    @Test func idsNeverLookLikeOtherSourcesOfEvents() {
        let last = ConnectionID(slot: Int(UInt32.max), generation: .max)
        guard case .connection(last) = EventSource(rawValue: last.rawValue) else {
            Issue.record("the largest id is taken for something else")
            return
        }
        guard case .listener(3) = EventSource(rawValue: EventSource.listener(3).rawValue),
            case .wakeup = EventSource(rawValue: EventSource.wakeup.rawValue)
        else {
            Issue.record("sources do not survive the way through their numbers")
            return
        }
    }

    @Test func pendingOutputGivesItsMemoryBack() {
        var pending = PendingOutput()
        let bytes = [UInt8](0..<200)
        bytes.withUnsafeBytes { pending.append($0) }
        pending.removeFirst(150)
        #expect(Array(pending.bytes) == Array(150..<200))
        bytes.withUnsafeBytes { pending.append($0) }
        #expect(Array(pending.bytes) == Array(150..<200) + bytes)
        pending.removeFirst(pending.count)
        let isEmpty = pending.isEmpty
        #expect(isEmpty)
    }
}
