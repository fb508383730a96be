import MartletProtocol

/// Deadlines in any order: a min-heap in which every element knows its place, so that it can be taken out
/// of the middle or moved without a search.
///
///     let handle = heap.insert(until: 5_000, payload)
///     heap.move(handle, until: 9_000)
///     while let due = heap.popDue(at: now) { … }
///
/// Insert, move and remove are O(log n) with four children a node; inserting the latest deadline, as leases of one
/// length do, is O(1). Handles are small numbers, used again after removal; 0 is never given out. Of several for one
/// instant, the one that was set first is due first: in which order things happen does not depend on the heap's shape.
///
/// Invariant: `places[entries[i].handle] == i`, and no entry is due before its parent.
struct DeadlineHeap<Payload: BitwiseCopyable>: ~Copyable {
    // Not private: a debug build of Swift 6.3 fails on an arena of a private type inside a generic one.
    struct Entry: BitwiseCopyable {
        var deadline: Int
        var payload: Payload
        var handle: UInt32
        /// When it was set, as a number that wraps around: right among deadlines set within two thousand million
        /// others.
        var order: UInt32

        func isDue(before other: Entry) -> Bool {
            deadline != other.deadline
                ? deadline < other.deadline : Int32(truncatingIfNeeded: order &- other.order) < 0
        }
    }

    private var entries = ChunkedArena<Entry>()
    /// Of a handle in use, the place of its entry; of a free one, the next free handle.
    private var places = ChunkedArena<UInt32>()
    private var firstFree: UInt32 = 0
    private var lastOrder: UInt32 = 0

    init() { places.append(0) }

    var count: Int { entries.count }
    var nextDeadline: Int? { entries.isEmpty ? nil : entries[0].deadline }
    /// The payload that is due first.
    var first: Payload? { entries.isEmpty ? nil : entries[0].payload }

    func deadline(of handle: UInt32) -> Int { entries[Int(places[Int(handle)])].deadline }

    mutating func insert(until deadline: Int, _ payload: Payload) -> UInt32 {
        let handle: UInt32
        if firstFree != 0 {
            handle = firstFree
            firstFree = places[Int(handle)]
        } else {
            handle = UInt32(places.count)
            places.append(0)
        }
        lastOrder &+= 1
        entries.append(Entry(deadline: deadline, payload: payload, handle: handle, order: lastOrder))
        siftUp(entries.count - 1)
        return handle
    }

    mutating func move(_ handle: UInt32, until deadline: Int) {
        let place = Int(places[Int(handle)])
        let earlier = deadline < entries[place].deadline
        lastOrder &+= 1
        entries[place].deadline = deadline
        entries[place].order = lastOrder
        if earlier { siftUp(place) } else { siftDown(place) }
    }

    mutating func remove(_ handle: UInt32) {
        removeEntry(at: Int(places[Int(handle)]))
    }

    /// Takes out the first payload whose deadline is `now` or earlier; its handle is free.
    mutating func popDue(at now: Int) -> Payload? {
        guard !entries.isEmpty, entries[0].deadline <= now else { return nil }
        let payload = entries[0].payload
        removeEntry(at: 0)
        return payload
    }

    /// Moves all deadlines by so many milliseconds.
    mutating func shift(by offset: Int) {
        for place in 0..<entries.count { entries[place].deadline += offset }
    }

    private mutating func removeEntry(at place: Int) {
        let handle = entries[place].handle
        places[Int(handle)] = firstFree
        firstFree = handle
        let last = entries.removeLast()
        guard place < entries.count else { return shrink() }
        let earlier = last.isDue(before: entries[place])
        entries[place] = last
        if earlier { siftUp(place) } else { siftDown(place) }
    }

    /// Gives the memory of a burst back once the heap is empty.
    private mutating func shrink() {
        guard entries.isEmpty, places.count > 65_536 else { return }
        entries.removeAll()
        places.removeAll()
        places.append(0)
        firstFree = 0
    }

    private mutating func siftUp(_ start: Int) {
        var place = start
        let entry = entries[place]
        while place > 0 {
            let parent = (place - 1) / 4
            guard entry.isDue(before: entries[parent]) else { break }
            put(entries[parent], at: place)
            place = parent
        }
        put(entry, at: place)
    }

    private mutating func siftDown(_ start: Int) {
        var place = start
        let entry = entries[place]
        while true {
            let firstChild = place * 4 + 1
            guard firstChild < entries.count else { break }
            var earliest = firstChild
            for child in firstChild + 1..<max(firstChild + 1, min(firstChild + 4, entries.count))
            where entries[child].isDue(before: entries[earliest]) {
                earliest = child
            }
            guard entries[earliest].isDue(before: entry) else { break }
            put(entries[earliest], at: place)
            place = earliest
        }
        put(entry, at: place)
    }

    private mutating func put(_ entry: Entry, at place: Int) {
        entries[place] = entry
        places[Int(entry.handle)] = UInt32(place)
    }

    /// Every element is where it says it is, and none is due before its parent.
    func checkInvariants() {
        for place in 0..<entries.count {
            precondition(Int(places[Int(entries[place].handle)]) == place, "an element knows its place")
            precondition(
                place == 0 || !entries[place].isDue(before: entries[(place - 1) / 4]),
                "parents are due first"
            )
        }
    }
}
