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
    package private(set) var runs: [Run] = []

    package init() {}

    package var isEmpty: Bool { runs.isEmpty }

    /// Everything written to `bytes` from `start` on goes to `connection`.
    mutating func endRun(from start: Int, to connection: UInt64, closes: Bool = false) {
        let length = bytes.count - start
        if let last = runs.indices.last, runs[last].connection == connection, !runs[last].closes {
            runs[last].length += length
            runs[last].closes = closes
        } else {
            runs.append(Run(connection: connection, length: length, closes: closes))
        }
    }

    package mutating func removeAll() {
        runs.removeAll(keepingCapacity: true)
        bytes.truncate(to: 0, keepingCapacity: 1 << 20)
    }
}
