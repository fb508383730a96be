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
}

/// The last records of a queue, as many as its setting `history` says: a ring.
struct History {
    private var records: [HistoryRecord] = []
    private var oldest = 0

    var count: Int { records.count }

    mutating func append(_ record: HistoryRecord, keeping limit: Int) {
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
}
