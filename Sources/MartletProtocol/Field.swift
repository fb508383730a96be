/// The members a request may have besides `op` and `tag`, named as on the wire.
///
/// Which operation takes which field, and with which values, is said in `OperationTable`.
public enum Field: UInt8, CaseIterable, Sendable {
    // Which queue, which messages.
    case queue, queues, id, ids, receipt, receipts
    // A message being sent.
    case body, priority, delay, at, ttl, headers, dedup, group, replyTo, correlation, messages
    // Receiving and settling.
    case max, wait, lease, keep, autoDelete, force, uncounted, reason, state, to, requests
    // Push and topics.
    case credit, subscription, topic, mandatory
    // Listing, pausing, greeting, asking.
    case match, after, direction, name, token, `protocol`, about, producer, consumer
    // Settings of a queue, besides `lease` and `ttl`.
    case maxAttempts, deadLetter, retryDelay, onExpire, maxMessages, maxBytes, overflow, dedupWindow
    case rate, burst, history, temporary, expireUnused, groupConcurrency

    /// The name on the wire: `queue`, `max_attempts`, …
    package var name: String {
        switch self {
        case .replyTo: "reply_to"
        case .autoDelete: "auto_delete"
        case .maxAttempts: "max_attempts"
        case .deadLetter: "dead_letter"
        case .retryDelay: "retry_delay"
        case .onExpire: "on_expire"
        case .maxMessages: "max_messages"
        case .maxBytes: "max_bytes"
        case .dedupWindow: "dedup_window"
        case .expireUnused: "expire_unused"
        case .groupConcurrency: "group_concurrency"
        default: String(describing: self)
        }
    }
}
