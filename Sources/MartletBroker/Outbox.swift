package import MartletProtocol

/// What the core has to say to the connections of one I/O loop: replies and deliveries, in order.
///
/// The core writes, the loop takes the whole outbox by swapping in an empty one while it holds the core, and writes
/// the runs to their sockets after it has let go.
package struct Outbox: ~Copyable {
    /// Consecutive bytes for one connection: whole lines.
    package struct Run: BitwiseCopyable, Sendable {
        /// What the loop gave to `openSession` to know its connection by.
        package let connection: UInt64
        package var length: Int
        /// The connection is to be closed once these bytes are written.
        package var closes: Bool
    }

    package var bytes = ByteBuffer(capacity: 64 << 10)
    /// All runs, once the loop has taken the outbox.
    package private(set) var runs: [Run] = []
    /// The run being written: replies to one connection come one after the other.
    private var current: Run?

    package init() {}

    package var isEmpty: Bool { runs.isEmpty && current == nil }

    /// Everything written to `bytes` from `start` on goes to `connection`.
    mutating func endRun(from start: Int, to connection: UInt64, closes: Bool = false) {
        let length = bytes.count - start
        guard let run = current, run.connection == connection, !run.closes else {
            finish()
            current = Run(connection: connection, length: length, closes: closes)
            return
        }
        current = Run(connection: connection, length: run.length + length, closes: closes)
    }

    /// Everything written to `bytes` from `start` on goes to `connection`; for a loop that writes an outbox of its own.
    package mutating func addRun(from start: Int, to connection: UInt64, closes: Bool) {
        runs.append(Run(connection: connection, length: bytes.count - start, closes: closes))
    }

    /// Before the loop takes the outbox.
    mutating func finish() {
        if let run = current { runs.append(run) }
        current = nil
    }

    package mutating func removeAll() {
        runs.removeAll(keepingCapacity: true)
        current = nil
        bytes.truncate(to: 0, keepingCapacity: 1 << 20)
    }
}
