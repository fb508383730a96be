/// How one message of a queue has ended.
struct HistoryRecord {
    enum Outcome: String {
        case deleted, expired, rejected, dropped
    }

    let id: Int
    /// The names as JSON strings, quotes and escapes included; empty for none.
    let producer: String
    let consumer: String
    let sentAt: Int
    let endedAt: Int
    let outcome: Outcome
    let attempts: Int
    /// Counts the messages of its queue that have ended while history was kept: 1, 2, 3, …
    var number = 0
    /// The journal segment that it can be recovered from.
    var segment: UInt32
}

extension HistoryRecord {
    /// About the bytes of the journal's record that states it.
    fileprivate var statedBytes: Int { 50 + producer.utf8.count + consumer.utf8.count }
}

extension HistoryRecord.Outcome {
    private static let all: [Self] = [.deleted, .expired, .rejected, .dropped]

    /// What stands for it in a record of the journal.
    var code: UInt8 {
        switch self {
        case .deleted: 0
        case .expired: 1
        case .rejected: 2
        case .dropped: 3
        }
    }

    init?(code: UInt8) {
        guard Int(code) < Self.all.count else { return nil }
        self = Self.all[Int(code)]
    }
}

/// The last records of a queue, as many as its setting `history` says.
///
/// What a lower setting makes superfluous is forgotten at once and freed in small steps, since it may be millions.
struct History {
    private var records = ChunkedDeque<HistoryRecord>()
    /// So many of the first records are forgotten.
    private var forgotten = 0
    /// The number of the last record.
    private(set) var lastNumber = 0
    /// About the bytes of the records of the journal that state these anew, those included that are not freed yet.
    private(set) var statedBytes = 0
    /// While the journal is read: what has a lower number was forgotten.
    private var floor = 0

    var count: Int { records.count - forgotten }
    var last: HistoryRecord? { count > 0 ? records.last : nil }
    /// Whether everything that was forgotten is freed.
    var isClean: Bool { forgotten == 0 }

    /// - Parameter record: has the number behind `lastNumber`.
    mutating func append(_ record: HistoryRecord, keeping limit: Int) {
        lastNumber = record.number
        records.append(record)
        statedBytes += record.statedBytes
        keep(limit)
        free(2)
    }

    /// Forgets all but the newest `limit` records.
    mutating func keep(_ limit: Int) { forgotten += max(0, count - limit) }

    /// Frees at most so many of the records that were forgotten.
    mutating func free(_ limit: Int) {
        for _ in 0..<min(limit, forgotten) {
            statedBytes -= records[0].statedBytes
            records.removeFirst()
            forgotten -= 1
        }
    }

    /// Oldest first.
    var inOrder: ChunkedDeque<HistoryRecord>.SubSequence { records[forgotten...] }

    /// Those with numbers from this one on, oldest first.
    func records(from number: Int) -> ChunkedDeque<HistoryRecord>.SubSequence {
        // By search: a repair of the journal may have left gaps.
        var (low, high) = (forgotten, records.count)
        while low < high {
            let middle = (low + high) / 2
            if records[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return records[low...]
    }

    // MARK: The journal

    /// Hands over the records of segments before `segment`, which are of `current` from now on.
    ///
    /// - Parameters:
    ///   - place: the number to begin with, and afterwards to go on with; 0 is the beginning.
    ///   - limit: at most so many are looked at.
    /// - Returns: whether all were looked at.
    mutating func restate(
        from place: inout Int,
        before segment: UInt32,
        as current: UInt32,
        atMost limit: Int,
        _ body: (HistoryRecord) -> Void
    ) -> Bool {
        place = max(place, lastNumber - count + 1)
        let end = min(lastNumber + 1, place + limit)
        while place < end {
            let index = records.count - 1 - (lastNumber - place)
            if records[index].segment < segment {
                records[index].segment = current
                body(records[index])
            }
            place += 1
        }
        return place > lastNumber
    }

    /// Bytes of the records that `restate` would make of those of segments before this one.
    func costOfStating(before segment: UInt32) -> Int {
        inOrder.reduce(0) {
            $0 + ($1.segment < segment ? $1.statedBytes : 0)
        }
    }

    mutating func forgetSegments() {
        for index in records.indices { records[index].segment = 0 }
    }

    /// Takes a record of the journal, in whatever order they come; `settle` follows.
    ///
    /// When it was written with this limit, those so far before it were forgotten. That must be noted now: some of them
    /// may have been stated anew before, and others between them be stated later, when the limit is another one.
    mutating func collect(_ record: HistoryRecord, keeping limit: Int) {
        if limit > 0 { floor = max(floor, record.number - limit + 1) }
        records.append(record)
        if records.count > 2 * limit + 1000 { settle(keeping: limit) }
    }

    /// Puts what was collected in order. Of two records of one number, the one that was read last counts.
    mutating func settle(keeping limit: Int) {
        var newest: [Int: HistoryRecord] = [:]
        for record in inOrder where record.number >= floor { newest[record.number] = record }
        let ordered = newest.values.sorted { $0.number < $1.number }
        lastNumber = max(lastNumber, ordered.last?.number ?? 0)
        records = ChunkedDeque(ordered.suffix(limit))
        statedBytes = records.reduce(0) { $0 + $1.statedBytes }
        forgotten = 0
    }
}
