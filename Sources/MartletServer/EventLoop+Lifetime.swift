import Glibc
import MartletProtocol

/// How connections come and go.
extension EventLoop {
    /// Milliseconds a peer may take to close after our last byte.
    private static let lingering = 1000
    /// Milliseconds in which a peer that was let in just before we go down may say its first word.
    private static let firstWord = 500

    /// To be called before the first turn, on loop 0.
    func listen(to listeners: [Listener]) throws(SystemError) {
        try acceptor.listen(to: listeners, limits: state.limits, with: epoll)
    }

    /// Takes on a connection that was let in.
    func serve(_ descriptor: Int32) {
        let connection = table.insert(descriptor: descriptor)
        do throws(SystemError) {
            try epoll.add(descriptor, Self.watched, data: connection.id.rawValue)
        } catch {
            group.report(.connectionRefused(error))
            return lose(connection)
        }
        agenda.opened.append(connection)
        if state.limits.idleTimeout > 0 { setDeadline(connection, .idle, after: state.limits.idleTimeout) }
        if state.isDraining { finishInGoodOrder(connection) }
        if state.isStopped { lose(connection) }
    }

    private static let watched: EpollEvents = [.readable, .peerEnded, .edgeTriggered]

    func setDeadline(_ connection: Connection, _ kind: Deadlines.Kind, after milliseconds: Int) {
        deadlines.set(connection.id.slot, kind, at: state.now.monotonic + milliseconds)
    }

    /// Whether the kernel should tell when it takes more output. It is asked only while it does not: a Unix socket
    /// would otherwise tell each time its peer has read.
    func watchWritable(_ connection: Connection, _ isBlocked: Bool) {
        guard connection.isBlocked != isBlocked else { return }
        connection.isBlocked = isBlocked
        let events = isBlocked ? Self.watched.union(.writable) : Self.watched
        do throws(SystemError) {
            try epoll.change(connection.descriptor, events, data: connection.id.rawValue)
        } catch {
            preconditionFailure("changing what a watched descriptor is watched for takes no resources: \(error)")
        }
    }

    /// The connection is gone, or we are done with it: closes the descriptor and tells the core in its next entry.
    func lose(_ connection: Connection) {
        guard connection.phase != .gone else { return }
        connection.phase = .gone
        deadlines.clear(connection.id.slot)
        table.remove(connection.id)
        SystemCall.close(connection.descriptor)
        group.dismiss(fromLoop: index)
        forget(connection)
    }

    /// The core has nothing more to do with it.
    func forget(_ connection: Connection) {
        if !connection.isForgotten { agenda.ended.append(connection) }
        connection.isForgotten = true
    }

    /// All that is owed is written. The peer is told that nothing follows, and gets a moment to read it: closing while
    /// its bytes are still coming would reset the connection and could take our last line away.
    func bidFarewell(_ connection: Connection) {
        if connection.peerEnded || connection.hungUp { return lose(connection) }
        connection.phase = .lingering
        shutdown(connection.descriptor, Int32(SHUT_WR))
        setDeadline(connection, .linger, after: Self.lingering)
        agenda.read(connection)
    }

    /// Closes those whose deadline has passed, and goes on accepting after a pause.
    func endPatience() {
        while let passed = deadlines.popPassed(at: state.now.monotonic) {
            guard let connection = table[slot: passed.slot] else { continue }
            if passed.kind == .slow {
                group.report(.slowPeerClosed(peer: RawSocketAddress.peer(of: connection.descriptor)))
            }
            lose(connection)
        }
        if acceptor.resumesAt != nil { acceptor.resume(now: state.now.monotonic, epoll: epoll) }
    }

    // MARK: Going down

    func drain() {
        guard !state.isDraining else { return }
        state.isDraining = true
        acceptor.close()
        // The other loops after the one that accepts, so that each of them still gets what was let in for it.
        if index == 0 { for mailbox in group.mailboxes.dropFirst() { mailbox.leave(.drain) } }
        for connection in table.all { finishInGoodOrder(connection) }
    }

    /// Who has just come is not sent away unheard: had it come a moment later, it would have waited at the listener for
    /// whoever is next to serve it.
    private func finishInGoodOrder(_ connection: Connection) {
        if connection.hasSpoken {
            finishWhenRead(connection)
        } else {
            setDeadline(connection, .idle, after: Self.firstWord)
        }
    }

    func finishWhenRead(_ connection: Connection) {
        connection.finishesWhenRead = true
        agenda.read(connection)
    }

    func stop() {
        state.isStopped = true
        acceptor.close()
        for connection in table.all { lose(connection) }
    }
}
