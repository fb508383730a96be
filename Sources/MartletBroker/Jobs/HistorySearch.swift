/// What a `history` asks for, and what of it was found. With millions of records it takes longer than a turn may, so it
/// goes on in slices, from the oldest record to the newest.
struct HistorySearch {
    /// Only records of messages with higher ids.
    let after: Int
    /// The names as JSON strings; nil for any.
    let producer: String?
    let consumer: String?
    /// So many more records are wanted.
    var rest: Int
    /// The number of the record to look at next.
    var next = 0
    /// The elements of the reply's array, each with a comma before it.
    var elements: [UInt8] = []

    func wants(_ record: HistoryRecord) -> Bool {
        record.id > after && (producer == nil || record.producer == producer)
            && (consumer == nil || record.consumer == consumer)
    }
}
