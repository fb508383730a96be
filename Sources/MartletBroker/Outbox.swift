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
        package let length: Int
        /// The connection is to be closed once these bytes are written.
        package let closes: Bool
        package let awaits: Awaited
    }

    /// What the journal must have done with all that was recorded before a line may leave.
    package enum Awaited: BitwiseCopyable, Sendable {
        /// It must be durable: the line promises or shows some of it.
        case durability
        /// It must be written: the line hands over what is durable already, under leases that are not promised.
        case writing
        /// The line has nothing to do with it.
        case nothing
    }

    package var bytes = ByteBuffer(capacity: 64 << 10)
    /// All runs, once the loop has taken the outbox.
    package private(set) var runs: [Run] = []
    /// The run being written goes to this connection: replies to one connection come one after the other.
    private var connection: UInt64 = 0
    private var awaits = Awaited.durability
    /// Where it begins in `bytes`; below 0 if no run is being written.
    private var start = -1

    package init() {}

    /// How many runs wait for the journal: one for each connection that does, or more.
    package var runsThatWait: Int { runs.count { $0.awaits != .nothing } }

    package var isEmpty: Bool { runs.isEmpty && start < 0 }

    /// Everything written to `bytes` from `start` on goes to `connection`.
    @inline(__always)
    mutating func endRun(from start: Int, to connection: UInt64, closes: Bool, awaits: Awaited) {
        if connection != self.connection || self.start < 0 || closes || awaits != self.awaits {
            changeRun(from: start, to: connection, closes: closes, awaits: awaits)
        }
    }

    @inline(never)
    private mutating func changeRun(from start: Int, to connection: UInt64, closes: Bool, awaits: Awaited) {
        if self.start < 0 || connection != self.connection || awaits != self.awaits {
            finish(at: start, closes: false)
            self.start = start
            self.connection = connection
            self.awaits = awaits
        }
        if closes { finish(at: bytes.count, closes: true) }
    }

    /// Before the loop takes the outbox.
    mutating func finish() { finish(at: bytes.count, closes: false) }

    private mutating func finish(at end: Int, closes: Bool) {
        guard start >= 0 else { return }
        runs.append(Run(connection: connection, length: end - start, closes: closes, awaits: awaits))
        start = -1
    }

    package mutating func removeAll() {
        runs.removeAll(keepingCapacity: true)
        start = -1
        bytes.truncate(to: 0, keepingCapacity: 1 << 20)
    }
}
