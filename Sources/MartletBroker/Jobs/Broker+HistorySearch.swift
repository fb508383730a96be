import MartletProtocol

// Looking for records of ended messages.
extension Broker {
    /// Records that a slice looks at.
    private static let slice = 20_000

    /// Looks at a slice. Returns whether all records were looked at.
    func look(for search: inout HistorySearch, in queue: Queue) -> Bool {
        let records = queue.history.records(from: search.next)
        for record in records.prefix(Self.slice) { search.look(at: record) }
        return search.next > queue.history.lastNumber || records.isEmpty
    }

    private func write(_ record: HistoryRecord) {
        reply.append("{\"id\":")
        reply.append(integer: record.id)
        reply.append(",\"producer\":")
        reply.append(text: record.producer.isEmpty ? "null" : record.producer)
        reply.append(",\"consumer\":")
        reply.append(text: record.consumer.isEmpty ? "null" : record.consumer)
        reply.append(",\"sent_at\":")
        reply.append(integer: record.sentAt)
        reply.append(",\"ended_at\":")
        reply.append(integer: record.endedAt)
        reply.append(",\"outcome\":\"")
        reply.append(text: record.outcome.rawValue)
        reply.append("\",\"attempts\":")
        reply.append(integer: record.attempts)
        reply.append("}")
    }

    /// The members of the reply, once everything is there.
    func write(_ search: HistorySearch) {
        reply.append(",\"records\":[")
        var isFirst = true
        for record in search.records {
            if !isFirst { reply.append(",") }
            isFirst = false
            write(record)
        }
        reply.append("]")
    }
}
