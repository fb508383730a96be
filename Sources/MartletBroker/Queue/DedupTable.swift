/// The `dedup` keys that a queue has seen within its window, with the id that each got.
///
/// Keys outlive their messages. They are forgotten a few at a time as new ones come, oldest first, so an idle queue
/// costs nothing and no call takes long.
struct DedupTable {
    private struct Entry {
        let id: Int
        let seenAt: Int
    }

    private var entries: [String: Entry] = [:]
    private var order: [(key: String, seenAt: Int)] = []
    private var oldest = 0

    /// About what an entry takes: key, id and instant, twice, and the hash table's slack.
    static let entrySize = 120

    var count: Int { entries.count }

    /// The id that was given for this key less than `window` milliseconds ago.
    func id(of key: String, window: Int, now: Int) -> Int? {
        guard let entry = entries[key], entry.seenAt + window > now else { return nil }
        return entry.id
    }

    mutating func insert(_ key: String, id: Int, window: Int, now: Int) {
        forget(olderThan: now - window, atMost: 4)
        entries[key] = Entry(id: id, seenAt: now)
        order.append((key, now))
    }

    mutating func forget(olderThan instant: Int, atMost count: Int) {
        var rest = count
        while rest > 0, oldest < order.count, order[oldest].seenAt <= instant {
            let (key, seenAt) = order[oldest]
            // A key that came again after its window has a younger entry.
            if let entry = entries[key], entry.seenAt == seenAt { entries[key] = nil }
            oldest += 1
            rest -= 1
        }
        if oldest > 1024, oldest * 2 > order.count {
            order.removeFirst(oldest)
            oldest = 0
        }
    }
}
