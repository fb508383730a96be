import MartletBroker
import MartletJournal
import Synchronization

/// The broker and its door: one thread at a time, once per turn of a loop. On the way out, what was recorded goes to
/// the journal, so that the core's order is the journal's.
///
/// What is kept beside the broker under the same lock is what the loops must agree on: the settings in force and the
/// instant that the timekeeper (loop 0) sleeps until.
// Unchecked: everything that can change is reached through `enter` only, which holds the lock.
final class Core: @unchecked Sendable {
    private let lock = Lock()
    private let broker: Broker
    private var recording: Recording?
    /// When loop 0 will enter next by itself; `Int.max` if it sleeps until somebody wakes it.
    private var alarm = Int.max

    /// What a turn has come to.
    struct Outcome {
        /// When the core wants to be entered next for time's sake. For loop 0 it is how long it may sleep; for another
        /// loop it is nil unless loop 0 would sleep too long and must be woken.
        var alarm: Int?
        /// How far the journal must have come before what was said may leave.
        var release: Release
    }

    init(_ broker: Broker, _ journal: (any Journal)?) {
        self.broker = broker
        recording = journal.map { Recording($0) }
    }

    func enter<Result>(_ body: (Broker) throws -> Result) rethrows -> Result {
        try lock.withLock {
            recording?.begin(broker)
            defer { recording?.end(broker, waiting: 0) }
            return try body(broker)
        }
    }

    /// Enters when the loops have ended and the journal is closed.
    func enterEnded<Result>(_ body: (Broker) throws -> Result) rethrows -> Result {
        try lock.withLock { try body(broker) }
    }

    /// Enters for a loop. `body` takes the loop's outbox and returns how many of its runs wait for the journal.
    func enter(loop: Int, _ body: (Broker) -> Int) -> Outcome {
        lock.withLock {
            recording?.begin(broker)
            let waiting = body(broker)
            recording?.end(broker, waiting: waiting)
            let release = recording?.release(forLoop: loop) ?? .now
            let deadline = broker.nextDeadline ?? .max
            guard loop == 0 || deadline < alarm else { return Outcome(alarm: nil, release: release) }
            alarm = deadline
            return Outcome(alarm: deadline, release: release)
        }
    }
}
