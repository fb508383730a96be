public import FoundationEssentials

/// What became of one message: who sent it, who processed it, and how it ended.
public struct HistoryRecord: Equatable, Sendable {
    public let id: Int
    public let producer: String?
    public let consumer: String?
    public let sentAt: Date
    /// Nil while the message is in its queue.
    public let endedAt: Date?
    /// `deleted`, `expired`, `rejected` or `dropped`; nil while the message is in its queue.
    public let outcome: String?
    public let attempts: Int
    /// The record as the server wrote it.
    public let text: JSONText

    init?(_ slice: JSONSlice) {
        guard let object = slice.object, let id = object["id"]?.integer else { return nil }
        self.id = id
        producer = object["producer"]?.string
        consumer = object["consumer"]?.string
        sentAt = object["sent_at"]?.date ?? Date(milliseconds: 0)
        endedAt = object["ended_at"]?.date
        outcome = object["outcome"]?.string
        attempts = object["attempts"]?.integer ?? 0
        text = slice.text
    }
}
