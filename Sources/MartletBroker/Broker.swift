package import MartletProtocol

/// The pure core: queues, leases, topics, sessions. A deterministic state machine without clock, socket or randomness.
///
/// One thread at a time, once per batch of requests:
///
///     broker.advance(to: now)                                    // leases end, delays are over, waits time out
///     broker.handle(batch, line, from: session, now: now)        // for each line of each connection, in order
///     broker.swapOutbox(ofLoop: 0, with: &outbox)                // replies and deliveries, to be written out
package final class Broker {
    package var settings: BrokerSettings

    /// - Parameters:
    ///   - loops: how many I/O loops there are, each with an outbox of its own.
    ///   - incarnation: a number larger than that of any earlier run; receipts are made unique by it.
    package init(settings: BrokerSettings, loops: Int, incarnation: UInt64, now: Now) {
        self.settings = settings
    }

    // MARK: Sessions

    /// A connection came; `connection` is what its loop knows it by in the runs of its outbox.
    package func openSession(loop: Int, connection: UInt64, now: Now) -> SessionID { fatalError() }

    /// A connection went: its leases end, its waiting receives, subscriptions and temporary queues go with it.
    package func closeSession(_ id: SessionID, now: Now) {}

    /// Whether the session's next request may be handled: false while its peer owes us too much reading.
    package func accepts(_ id: SessionID) -> Bool { true }

    /// The loop has handed `count` bytes of the session's output to the kernel.
    package func wrote(_ count: Int, to id: SessionID, now: Now) {}

    // MARK: Requests

    /// Handles one parsed line. Its reply is in the outbox now, or comes when a waiting receive is answered.
    package func handle(_ batch: RequestBatch, _ line: Int, from id: SessionID, now: Now) {}

    // MARK: Time

    /// The monotonic millisecond at which `advance` has something to do; nil if nothing waits for time.
    package var nextDeadline: Int? { nil }

    /// Makes true what the passing of time has brought about.
    package func advance(to now: Now) {}

    // MARK: Output

    /// Bit n: loop n has output in its outbox.
    package var loopsWithOutput: UInt64 { 0 }

    /// Takes the outbox of a loop, leaving the emptied one that the loop brings.
    package func swapOutbox(ofLoop loop: Int, with outbox: inout Outbox) {}

    // MARK: Administration

    /// Creates or changes a queue, as the configuration says.
    package func declare(queue name: String, _ patch: QueueSettingsPatch, now: Now) throws(Failure) {}

    /// Binds a queue to a topic pattern, as the configuration says.
    package func bind(queue name: String, topic pattern: String, now: Now) throws(Failure) {}

    /// New work is answered `draining` from now on; waiting receives are answered at once.
    package func beginDraining(now: Now) {}
}
