import Testing

@testable import MartletBroker

@Suite struct MessageLineTests {
    private static func message(_ id: Int, priority: UInt8) -> Message {
        Message(
            id: id,
            sentAt: 0,
            payload: SegmentStore.Place(segment: 0, offset: 0),
            queue: 1,
            priority: priority,
            hasEnvelope: false,
            segment: SegmentTag(1)
        )
    }

    /// Messages come, leave from the front and from the middle, and come back, against a sorted array.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func theNextIsOfTheHighestPriorityAndTheLowestID(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let messages = Slab<Message>()
        var ready = ReadyMessages()
        var standing: [(slot: UInt32, id: Int, priority: UInt8)] = []
        var away: [(slot: UInt32, id: Int, priority: UInt8)] = []
        for id in 1...800 {
            switch random.below(4) {
            case 0, 1:
                let priority = UInt8(random.pick([4, 4, 4, 0, 9]))
                let slot = messages.insert(Self.message(id, priority: priority))
                ready.insert(slot, messages.place(slot), in: messages)
                standing.append((slot, id, priority))
            case 2 where !standing.isEmpty:
                let leaving = standing.remove(at: random.chance(2, in: 3) ? 0 : random.below(standing.count))
                ready.remove(leaving.slot, messages.place(leaving.slot), in: messages)
                away.append(leaving)
            case 3 where !away.isEmpty:
                let coming = away.remove(at: random.below(away.count))
                ready.insert(coming.slot, messages.place(coming.slot), in: messages)
                standing.append(coming)
            default: break
            }
            standing.sort { ($1.priority, $0.id) < ($0.priority, $1.id) }
            ready.checkInvariants(in: messages)
            let first = ready.first(in: messages)
            #expect(first == standing.first?.slot ?? 0)
        }
        for count in [0, 1, 5, standing.count, 10_000] {
            let prefix = ready.prefix(count, in: messages)
            #expect(prefix == standing.prefix(count).map(\.slot))
        }
    }

    @Test func aHeapTellsItsLowestWithoutBeingTakenApart() {
        let messages = Slab<Message>()
        var heap = MessageHeap()
        let ids = (0..<100).map { ($0 * 37) % 101 + 1 }
        for id in ids { heap.insert(messages.insert(Self.message(id, priority: 4)), in: messages) }
        heap.checkInvariants(in: messages)
        for count in [0, 1, 10, 99, 100, 200] {
            let lowest = heap.lowest(count, in: messages).map { messages[$0].id }
            #expect(lowest == Array(ids.sorted().prefix(count)))
        }
    }

    /// The first of those that are in one state, wherever the others stand between them.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func aLineTellsTheFirstOfAState(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let messages = Slab<Message>()
        var line = MessageLine()
        var delayed: [UInt32] = []
        var ids = Array(1...200)
        while !ids.isEmpty {
            let id = ids.remove(at: random.chance(1, in: 2) ? 0 : random.below(ids.count))
            let slot = messages.insert(Self.message(id, priority: 4))
            let isDelayed = random.chance(1, in: 3)
            messages[slot].state = isDelayed ? .delayed : .ready
            if isDelayed { delayed.append(slot) }
            line.insert(slot, messages.place(slot), in: messages)
        }
        line.checkInvariants(in: messages)
        delayed.sort { messages[$0].id < messages[$1].id }
        for count in [0, 1, 2, 7, delayed.count, .max] {
            #expect(line.prefix(count, .delayed, in: messages) == Array(delayed.prefix(count)))
        }
    }
}
