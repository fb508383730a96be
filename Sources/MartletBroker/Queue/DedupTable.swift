/// The `dedup` keys that a queue has seen within its window, with the id that each got.
///
/// Keys outlive their messages. They are forgotten a few at a time as new ones come, oldest first, so an idle queue
/// costs nothing and no call takes long.
struct DedupTable {
    private struct Entry {
        let id: Int
        var seenAt: Int
    }

    private struct Sighting {
        let key: String
        var seenAt: Int
        /// The journal segment that it can be recovered from.
        var segment: UInt32
    }

    private var entries: [String: Entry] = [:]
    private var order: [Sighting] = []
    private var oldest = 0
    /// Sightings that stood before the first of `order`.
    private var dropped = 0

    /// About what an entry takes: key, id, instant and segment, twice, and the hash table's slack.
    static let entrySize = 128

    var count: Int { entries.count }

    /// The id that was given for this key less than `window` milliseconds ago.
    func id(of key: String, window: Int, now: Int) -> Int? {
        guard let entry = entries[key], entry.seenAt + window > now else { return nil }
        return entry.id
    }

    mutating func insert(_ key: String, id: Int, window: Int, now: Int, segment: UInt32) {
        forget(olderThan: now - window, atMost: 4)
        entries[key] = Entry(id: id, seenAt: now)
        order.append(Sighting(key: key, seenAt: now, segment: segment))
    }

    mutating func forget(olderThan instant: Int, atMost count: Int) {
        var rest = count
        while rest > 0, oldest < order.count, order[oldest].seenAt <= instant {
            let sighting = order[oldest]
            // A key that came again after its window has a younger entry.
            if isCurrent(sighting) { entries[sighting.key] = nil }
            oldest += 1
            rest -= 1
        }
        if oldest > 1024, oldest * 2 > order.count {
            order.removeFirst(oldest)
            dropped += oldest
            oldest = 0
        }
    }

    private func isCurrent(_ sighting: Sighting) -> Bool { entries[sighting.key]?.seenAt == sighting.seenAt }

    // MARK: The journal

    /// Hands over the keys of segments before `segment`, which are of `current` from now on.
    ///
    /// - Parameters:
    ///   - place: where to begin, and afterwards where to go on; 0 is the beginning.
    ///   - limit: at most so many are looked at.
    /// - Returns: whether all were looked at.
    mutating func restate(
        from place: inout Int,
        before segment: UInt32,
        as current: UInt32,
        atMost limit: Int,
        _ body: (_ key: String, _ id: Int, _ seenAt: Int) -> Void
    ) -> Bool {
        place = max(place, dropped + oldest)
        let end = min(dropped + order.count, place + limit)
        while place < end {
            let sighting = order[place - dropped]
            if sighting.segment < segment, let entry = entries[sighting.key], entry.seenAt == sighting.seenAt {
                order[place - dropped].segment = current
                body(sighting.key, entry.id, sighting.seenAt)
            }
            place += 1
        }
        return place == dropped + order.count
    }

    /// Bytes of the records that `restate` would make of the keys of segments before this one.
    func costOfStating(before segment: UInt32) -> Int {
        order[oldest...].reduce(0) { $0 + ($1.segment < segment ? 25 + $1.key.utf8.count : 0) }
    }

    mutating func forgetSegments() {
        for index in order.indices { order[index].segment = 0 }
    }

    /// Takes a key of the journal, in whatever order they come; `settle` follows.
    mutating func collect(_ key: String, id: Int, seenAt: Int, segment: UInt32) {
        if let entry = entries[key], entry.seenAt > seenAt { return }
        entries[key] = Entry(id: id, seenAt: seenAt)
        order.append(Sighting(key: key, seenAt: seenAt, segment: segment))
    }

    /// Puts what was collected in order, and moves all instants by so many milliseconds.
    mutating func settle(movedBy offset: Int) {
        guard !order.isEmpty else { return }
        var latest: [String: Int] = [:]
        for (index, sighting) in order.enumerated() where isCurrent(sighting) { latest[sighting.key] = index }
        let kept = order.indices.filter { latest[order[$0].key] == $0 }.map { order[$0] }
        // By the key where the instants are equal, so that the order does not depend on what the journal was cut to.
        order = kept.sorted { ($0.seenAt, $0.key) < ($1.seenAt, $1.key) }
        oldest = 0
        for index in order.indices { order[index].seenAt += offset }
        for sighting in order { entries[sighting.key]?.seenAt = sighting.seenAt }
    }

    /// All keys, for tests.
    var sightings: [(key: String, id: Int, seenAt: Int)] {
        order[oldest...].filter(isCurrent).map { ($0.key, entries[$0.key]?.id ?? 0, $0.seenAt) }
    }
}
