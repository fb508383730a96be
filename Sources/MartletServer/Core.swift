import MartletBroker
import Synchronization

/// The broker and its door: one thread at a time, once per turn of a loop.
///
/// What is kept beside the broker under the same lock is what the loops must agree on: the settings in force and the
/// instant that the timekeeper (loop 0) sleeps until.
// Unchecked: everything that can change is reached through `enter` only, which holds the lock.
final class Core: @unchecked Sendable {
    private let lock = Lock()
    private let broker: Broker
    /// When loop 0 will enter next by itself; `Int.max` if it sleeps until somebody wakes it.
    private var alarm = Int.max

    init(_ broker: Broker) { self.broker = broker }

    func enter<Result>(_ body: (Broker) throws -> Result) rethrows -> Result {
        try lock.withLock { try body(broker) }
    }

    /// Enters for a loop and says when the core wants to be entered next for time's sake.
    ///
    /// For loop 0 the answer is how long it may sleep; for another loop it is nil unless loop 0 would sleep too long
    /// and must be woken.
    func enter(loop: Int, _ body: (Broker) -> Void) -> Int? {
        lock.withLock {
            body(broker)
            let deadline = broker.nextDeadline ?? .max
            guard loop == 0 || deadline < alarm else { return nil }
            alarm = deadline
            return deadline
        }
    }
}
