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
    /// How manieth of its queue's messages it was to end while history was kept: 1, 2, 3, …
    var number = 0
    /// The journal segment that it can be recovered from.
    var segment: UInt32
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

/// The last records of a queue, as many as its setting `history` says: a ring.
struct History {
    private var records: [HistoryRecord] = []
    private var oldest = 0
    /// The number of the last record.
    private(set) var lastNumber = 0

    var count: Int { records.count }

    /// - Parameter record: has the number behind `lastNumber`.
    mutating func append(_ record: HistoryRecord, keeping limit: Int) {
        lastNumber = record.number
        if records.count > limit { keep(limit) }
        guard limit > 0 else { return }
        if records.count < limit {
            if oldest != 0 { keep(records.count) }
            records.append(record)
        } else {
            records[oldest] = record
            oldest = (oldest + 1) % records.count
        }
    }

    /// Forgets all but the newest `limit` records.
    mutating func keep(_ limit: Int) {
        records = Array(inOrder.suffix(limit))
        oldest = 0
    }

    /// Oldest first.
    var inOrder: [HistoryRecord] { Array(records[oldest...] + records[..<oldest]) }

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
        let first = lastNumber - records.count + 1
        place = max(place, first)
        let end = min(lastNumber + 1, place + limit)
        while place < end {
            let index = (oldest + place - first) % records.count
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
        records.reduce(0) {
            $0 + ($1.segment < segment ? 50 + $1.producer.utf8.count + $1.consumer.utf8.count : 0)
        }
    }

    mutating func forgetSegments() {
        for index in records.indices { records[index].segment = 0 }
    }

    /// Takes a record of the journal, in whatever order they come; `settle` follows.
    mutating func collect(_ record: HistoryRecord, keeping limit: Int) {
        records.append(record)
        if records.count > 2 * limit + 1000 { settle(keeping: limit) }
    }

    /// Puts what was collected in order. Of two records of one number, the one that was read last counts.
    mutating func settle(keeping limit: Int) {
        var newest: [Int: HistoryRecord] = [:]
        for record in records { newest[record.number] = record }
        let ordered = newest.values.sorted { $0.number < $1.number }
        lastNumber = max(lastNumber, ordered.last?.number ?? 0)
        records = ordered.suffix(limit)
        oldest = 0
    }
}
