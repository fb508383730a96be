/// What a client may ask for: the `op` of a request.
///
/// The names are those of the wire. What each takes, answers and means stands in `OperationTable`.
public enum Operation: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    case send, receive, delete, release, extend, reject, peek, redrive, purge, atomic
    case subscribe, unsubscribe
    case bind, unbind, bindings, publish
    case declare, drop, queues, pause, resume
    case hello, ping, help, stats, history, explain, quit

    /// The name on the wire: `send`, `receive`, …
    package var name: String { String(describing: self) }
}
