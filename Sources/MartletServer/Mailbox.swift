import Synchronization

/// What others ask of a loop.
enum Order {
    /// Serve a connection that was let in.
    case serve(descriptor: Int32)
    /// Stop listening, answer what has arrived, close every connection, end.
    case drain
    /// Close every connection now, end.
    case stop
}

/// The part of a loop that other threads may touch: they leave orders, wake it, and read how it is doing.
final class Mailbox: Sendable {
    let wakeup: Wakeup
    /// The worker that runs the loop; written by that worker alone, when it hands the loop on.
    let worker = Atomic(0)
    /// Connections it serves or has been ordered to serve.
    let connections = Atomic(0)
    /// Turns taken: a loop that was woken and whose count stands still is stuck.
    let turns = Atomic<UInt64>(0)
    private let orders = Mutex<[Order]>([])

    init() throws(SystemError) { wakeup = try Wakeup() }

    func leave(_ order: Order) {
        orders.withLock { $0.append(order) }
        wakeup.wake()
    }

    /// The orders left since the last call; none, at the cost of one atomic operation, if nobody has woken the loop.
    func collect() -> [Order] {
        guard wakeup.acknowledge() else { return [] }
        return orders.withLock { orders in
            defer { orders = [] }
            return orders
        }
    }
}
