import Glibc
import MartletProtocol

/// Lets connections in and spreads them over the loops. It lives in loop 0; listeners are watched level-triggered.
///
/// When the process has no descriptors left it stops listening to its listeners for a while: the peers wait in the
/// kernel's queue, the loop goes on serving, and nothing spins.
struct Acceptor {
    /// Connections let in at one event, so that a storm of them does not keep the others waiting.
    private static let batch = 64
    /// Milliseconds until accepting is tried again.
    private static let pause = 500

    private let group: LoopGroup
    private var listeners: [Listener] = []
    /// The monotonic millisecond at which accepting goes on; nil while it is not paused.
    private(set) var resumesAt: Int?

    init(group: LoopGroup) { self.group = group }

    mutating func listen(
        to listeners: [Listener],
        limits: Limits,
        with epoll: borrowing Epoll
    ) throws(SystemError) {
        for (index, listener) in listeners.enumerated() {
            try listener.prepareConnections(slowPeerTimeout: limits.slowPeerTimeout)
            try epoll.add(listener.descriptor, .readable, data: EventSource.listener(index).rawValue)
        }
        self.listeners = listeners
    }

    /// Closes the listeners: who comes now is refused by the kernel.
    mutating func close() {
        for listener in listeners { listener.close() }
        listeners = []
        resumesAt = nil
    }

    /// Lets in who waits at a listener; `serve` takes the connections that are for this loop.
    mutating func accept(
        _ index: Int,
        limits: Limits,
        now: Int,
        epoll: borrowing Epoll,
        serve: (_ descriptor: Int32) -> Void
    ) {
        guard index < listeners.count, resumesAt == nil else { return }
        for _ in 0..<Self.batch {
            switch listeners[index].accept() {
            case .none: return
            case .exhausted(let error): return suspend(because: error, now: now, epoll: epoll)
            case .connection(let descriptor) where !group.admit(maximum: limits.maxConnections):
                refuse(descriptor, maximum: limits.maxConnections)
            case .connection(let descriptor):
                let loop = group.assignLoop()
                if loop == 0 { serve(descriptor) } else { group.mailboxes[loop].leave(.serve(descriptor: descriptor)) }
            }
        }
    }

    private mutating func suspend(because error: SystemError, now: Int, epoll: borrowing Epoll) {
        resumesAt = now + Self.pause
        watch([], epoll)
        group.report(.acceptingPaused(error))
    }

    /// Goes on after a pause, if it is over.
    mutating func resume(now: Int, epoll: borrowing Epoll) {
        guard let instant = resumesAt, instant <= now else { return }
        resumesAt = nil
        watch(.readable, epoll)
        group.report(.acceptingResumed)
    }

    private func watch(_ events: EpollEvents, _ epoll: borrowing Epoll) {
        for (index, listener) in listeners.enumerated() {
            do throws(SystemError) {
                try epoll.change(listener.descriptor, events, data: EventSource.listener(index).rawValue)
            } catch {
                preconditionFailure("changing what a watched descriptor is watched for takes no resources: \(error)")
            }
        }
    }

    /// Says why in one line, and closes. What the peer has already sent is read first, because closing with unread
    /// input would reset the connection and could take the line away before the peer has seen it.
    private func refuse(_ descriptor: Int32, maximum: Int) {
        group.report(.tooManyConnections(peer: RawSocketAddress.peer(of: descriptor), maximum: maximum))
        var line = ByteBuffer(capacity: 128)
        line.append(#"{"ok":false,"error":"too_many","reason":"there are already "#)
        line.append(integer: maximum)
        line.append(" connections, as many as max_connections allows\"}\n")
        _ = SystemCall.send(descriptor, line.bytes)
        shutdown(descriptor, Int32(SHUT_WR))
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { space in
            if let start = space.baseAddress { _ = SystemCall.receive(descriptor, into: start, space.count) }
        }
        SystemCall.close(descriptor)
    }
}
