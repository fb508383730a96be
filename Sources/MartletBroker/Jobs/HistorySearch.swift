/// What a `history` asks for, and what of it was found. With millions of records it takes longer than a turn may, so it
/// goes on in slices, from the oldest record to the newest.
///
/// Records stand in the order in which their messages ended, but are told in the order of their ids, so that whoever
/// asks for those after the last one misses none.
struct HistorySearch {
    /// Only records of messages with higher ids.
    let after: Int
    /// The names as JSON strings; nil for any.
    let producer: String?
    let consumer: String?
    /// So many records are wanted.
    let max: Int
    /// The number of the record to look at next.
    var next = 0
    /// What was found, at most about twice as many as are wanted.
    private var found: [HistoryRecord] = []
    /// Records of higher ids are not wanted any more.
    private var bound = Int.max

    init(after: Int, producer: String?, consumer: String?, max: Int) {
        self.after = after
        self.producer = producer
        self.consumer = consumer
        self.max = max
    }

    /// Looks at a record.
    mutating func look(at record: HistoryRecord) {
        next = record.number + 1
        guard record.id > after, record.id <= bound, producer == nil || record.producer == producer,
            consumer == nil || record.consumer == consumer
        else { return }
        found.append(record)
        guard found.count >= 2 * max + 1000 else { return }
        found = records
        bound = found[max - 1].id
    }

    /// The records to tell of.
    var records: [HistoryRecord] { Array(found.sorted { $0.id < $1.id }.prefix(max)) }
}
