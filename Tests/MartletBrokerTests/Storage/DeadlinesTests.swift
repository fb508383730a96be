import Testing

@testable import MartletBroker

/// Deadlines against a plain list that is searched: the order in which they are due, of one instant as they were set.
@Suite struct DeadlinesTests {
    private struct Naive {
        var entries: [(deadline: Int, order: Int, payload: Int)] = []
        var order = 0

        mutating func insert(_ deadline: Int, _ payload: Int) {
            order += 1
            entries.append((deadline, order, payload))
        }

        mutating func remove(_ payload: Int) { entries.removeAll { $0.payload == payload } }

        mutating func move(_ payload: Int, _ deadline: Int) {
            remove(payload)
            insert(deadline, payload)
        }

        mutating func popDue(_ now: Int) -> Int? {
            let first = entries.min { ($0.deadline, $0.order) < ($1.deadline, $1.order) }
            guard let first, first.deadline <= now else { return nil }
            remove(first.payload)
            return first.payload
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func deadlinesComeInOrder(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var deadlines = Deadlines<Int>(none: 0)
        var naive = Naive()
        var handles: [Int: UInt32] = [:]
        var now = 0
        for step in 1...600 {
            let known = handles.keys.sorted()
            switch random.below(known.isEmpty ? 2 : 6) {
            case 0, 1, 2:
                let deadline = now + random.pick([random.below(4), 30, random.below(1_000), -5])
                handles[step] = deadlines.insert(until: deadline, step)
                naive.insert(deadline, step)
            case 3:
                let payload = random.pick(known)
                let deadline = now + random.below(50)
                if let handle = handles[payload] { deadlines.move(handle, until: deadline) }
                naive.move(payload, deadline)
            case 4:
                let payload = random.pick(known)
                if let handle = handles.removeValue(forKey: payload) { deadlines.remove(handle) }
                naive.remove(payload)
            default:
                now += random.below(20)
                while let due = naive.popDue(now) {
                    let popped = deadlines.popDue(at: now)
                    guard popped == due else {
                        Issue.record("\(popped ?? 0) came instead of \(due)")
                        return
                    }
                    handles[due] = nil
                }
                let none = deadlines.popDue(at: now)
                #expect(none == nil)
            }
            deadlines.checkInvariants()
            let next = deadlines.nextDeadline
            #expect(next == naive.entries.map(\.deadline).min())
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func aHeapGivesUpWhatIsInItsMiddle(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var heap = DeadlineHeap<Int>()
        var naive = Naive()
        var handles: [UInt32] = []
        for payload in 0..<200 {
            let deadline = random.below(40)
            handles.append(heap.insert(until: deadline, payload))
            naive.insert(deadline, payload)
        }
        for payload in 0..<200 where random.chance(1, in: 3) {
            if random.chance(1, in: 2) {
                heap.remove(handles[payload])
                naive.remove(payload)
            } else {
                let deadline = random.below(40)
                heap.move(handles[payload], until: deadline)
                naive.move(payload, deadline)
            }
            heap.checkInvariants()
        }
        while let due = naive.popDue(100) {
            let popped = heap.popDue(at: 100)
            #expect(popped == due)
        }
        let rest = heap.count
        #expect(rest == 0)
    }

    @Test func handlesAreNeverZeroAndAreUsedAgain() {
        var deadlines = Deadlines<Int>(none: 0)
        let first = deadlines.insert(until: 5, 1)
        deadlines.remove(first)
        let second = deadlines.insert(until: 6, 2)
        #expect(first != 0)
        #expect(second == first)
        let deadline = deadlines.deadline(of: second)
        #expect(deadline == 6)
    }
}
