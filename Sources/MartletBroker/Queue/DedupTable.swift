/// The `dedup` keys that a queue has seen within its window, with the id that each got.
///
/// Keys outlive their messages. They are forgotten a few at a time as new ones come, oldest first, and nothing here is
/// ever moved as a whole: so an idle queue costs nothing and no call takes long, with millions of keys.
struct DedupTable: ~Copyable {
    private struct Sighting {
        let key: String
        let hash: UInt32
        let id: Int
        var seenAt: Int
        /// The journal segment that it can be recovered from.
        var segment: UInt32
    }

    /// Oldest first. One whose key came again after its window is not in the index any more.
    private var order = ChunkedDeque<Sighting>()
    /// Sightings that stood before the first of `order`.
    private var dropped = 0
    /// The place of a key's last sighting in `order`, counted with those that were dropped, modulo 2³².
    private var index = HashIndex()

    /// About what an entry takes: the sighting, a key that is longer than 15 bytes, its place in the index.
    static let entrySize = 128

    var count: Int { index.count }
    /// Whether nothing is remembered, not even that something is over.
    var isEmpty: Bool { order.isEmpty }

    /// The id that was given for this key less than `window` milliseconds ago.
    /// - Parameter hash: of the key: its `keyHash`.
    func id(of key: UnsafeRawBufferPointer, _ hash: UInt32, window: Int, now: Int) -> Int? {
        guard let place = place(of: key, hash), order[place].seenAt + window > now else { return nil }
        return order[place].id
    }

    mutating func insert(
        _ key: UnsafeRawBufferPointer,
        _ hash: UInt32,
        id: Int,
        window: Int,
        now: Int,
        segment: UInt32
    ) {
        forget(olderThan: now - window, atMost: 4)
        enter(String(decoding: key, as: UTF8.self), hash, id: id, seenAt: now, segment: segment)
    }

    mutating func forget(olderThan instant: Int, atMost count: Int) {
        var rest = count
        while rest > 0, let sighting = order.first, sighting.seenAt <= instant {
            if isCurrent(0) { index.remove(sighting.hash, number(of: 0)) }
            order.removeFirst()
            dropped += 1
            rest -= 1
        }
    }

    /// Enters the latest sighting of a key; one before it, if there is one, counts no more.
    private mutating func enter(_ key: String, _ hash: UInt32, id: Int, seenAt: Int, segment: UInt32) {
        if let place = key.withBytes({ place(of: $0, hash) }) { index.remove(hash, number(of: place)) }
        order.append(Sighting(key: key, hash: hash, id: id, seenAt: seenAt, segment: segment))
        index.insert(hash, number(of: order.count - 1))
    }

    // MARK: Places

    /// Where in `order` the last sighting of a key is.
    private func place(of key: UnsafeRawBufferPointer, _ hash: UInt32) -> Int? {
        index.find(hash) { order[place(of: $0)].key.hasBytes(key) }.map { place(of: $0) }
    }

    private func number(of place: Int) -> UInt32 { UInt32(truncatingIfNeeded: dropped + place) }

    private func place(of number: UInt32) -> Int { Int(number &- UInt32(truncatingIfNeeded: dropped)) }

    /// Whether the sighting at this place is the last one of its key.
    private func isCurrent(_ place: Int) -> Bool {
        let number = number(of: place)
        return index.find(order[place].hash) { $0 == number } != nil
    }

    // MARK: The journal

    /// Hands over the keys of segments before `segment`, which are of `current` from now on.
    ///
    /// - Parameters:
    ///   - start: where to begin, and afterwards where to go on; 0 is the beginning.
    ///   - limit: at most so many are looked at.
    /// - Returns: whether all were looked at.
    mutating func restate(
        from start: inout Int,
        before segment: UInt32,
        as current: UInt32,
        atMost limit: Int,
        _ body: (_ key: String, _ id: Int, _ seenAt: Int) -> Void
    ) -> Bool {
        start = max(start, dropped)
        let end = min(dropped + order.count, start + limit)
        while start < end {
            let place = start - dropped
            if order[place].segment < segment, isCurrent(place) {
                order[place].segment = current
                body(order[place].key, order[place].id, order[place].seenAt)
            }
            start += 1
        }
        return start == dropped + order.count
    }

    /// Bytes of the records that `restate` would make of the keys of segments before this one.
    func costOfStating(before segment: UInt32) -> Int {
        order.reduce(0) { $0 + ($1.segment < segment ? 25 + $1.key.utf8.count : 0) }
    }

    mutating func forgetSegments() {
        for place in order.indices { order[place].segment = 0 }
    }

    /// Takes a key of the journal, in whatever order they come; `settle` follows.
    mutating func collect(_ key: String, id: Int, seenAt: Int, segment: UInt32) {
        let hash = key.withBytes { keyHash($0) }
        if let place = key.withBytes({ place(of: $0, hash) }), order[place].seenAt > seenAt { return }
        enter(key, hash, id: id, seenAt: seenAt, segment: segment)
    }

    /// Puts what was collected in order, and moves all instants by so many milliseconds.
    mutating func settle(movedBy offset: Int) {
        guard !order.isEmpty else { return }
        // By the key where the instants are equal, so that the order does not depend on what the journal was cut to.
        let kept = order.indices.filter { isCurrent($0) }.map { order[$0] }
            .sorted { ($0.seenAt, $0.key) < ($1.seenAt, $1.key) }
        order.removeAll()
        index.removeAll()
        for sighting in kept {
            let seenAt = sighting.seenAt + offset
            enter(sighting.key, sighting.hash, id: sighting.id, seenAt: seenAt, segment: sighting.segment)
        }
    }

    /// All keys, for tests.
    var sightings: [(key: String, id: Int, seenAt: Int)] {
        order.indices.filter { isCurrent($0) }.map { (order[$0].key, order[$0].id, order[$0].seenAt) }
    }
}
