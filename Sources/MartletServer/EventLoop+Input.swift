/// The first half of a turn: from readable sockets to parsed lines.
extension EventLoop {
    /// Connections whose lines wait for time, each with 64 KiB of them at most, but for the end of a long one.
    private static let heldAtMost = 64

    func read() {
        intake.begin(state.limits)
        var readable: [Connection] = []
        // With so many held the kernel keeps what the others send, and their senders wait.
        if agenda.resumed.count < Self.heldAtMost { swap(&readable, &agenda.readable) }
        for connection in readable {
            connection.isQueued = false
            read(connection)
        }
        intake.endReading()
        // After reading, which passes over those that are still held: a connection has one portion a turn, or its bytes
        // would be taken twice.
        if !agenda.resumed.isEmpty { resumeHeld() }
        if agenda.readable.isEmpty {
            // Its memory is used again: a busy loop allocates no list a turn.
            readable.removeAll(keepingCapacity: true)
            swap(&readable, &agenda.readable)
        }
    }

    /// Parses lines again, some of them: they may have to wait once more.
    private func resumeHeld() {
        var resumed = agenda.resumed[...]
        var room = Intake.resumedAtOnce
        while room > 0, let connection = resumed.popFirst() {
            // It may be there twice: with time to go on, and with room.
            guard connection.phase == .open, connection.isHeld else { continue }
            room -= connection.unfinished.count
            resume(connection)
        }
        agenda.resumed.removeFirst(agenda.resumed.count - resumed.count)
    }

    private func resume(_ connection: Connection) {
        intake.resume(connection)
        // More may have arrived meanwhile; it is read when these lines are dealt with.
        agenda.read(connection)
    }

    private func read(_ connection: Connection) {
        if connection.phase == .lingering { return discard(connection) }
        guard connection.mayRead else { return }
        switch intake.read(connection) {
        case .more, .postponed: agenda.read(connection)
        case .drained: settle(connection)
        case .ended: end(connection)
        case .lost: lose(connection)
        }
    }

    /// All that had arrived is read.
    private func settle(_ connection: Connection) {
        if connection.finishesWhenRead { return finish(connection) }
        // The end of the stream brings no event of its own after this one.
        if connection.peerEnded || connection.hungUp { agenda.read(connection) }
    }

    /// The peer has sent its last byte. Unless it is gone altogether, it may still wait for replies.
    private func end(_ connection: Connection) {
        connection.peerEnded = true
        if connection.hungUp { lose(connection) } else { finish(connection) }
    }

    /// Nothing more is taken from the peer; when everything it has asked for is answered, the connection closes.
    private func finish(_ connection: Connection) {
        connection.phase = .finishing
        intake.end(connection)
    }

    /// Reads what a peer still says after our last byte, and closes when it has ended.
    private func discard(_ connection: Connection) {
        let outcome = withUnsafeTemporaryAllocation(byteCount: Intake.share, alignment: 1) { space in
            space.baseAddress.map { SystemCall.receive(connection.descriptor, into: $0, space.count) }
        }
        switch outcome {
        case .moved(let count) where count == Intake.share: agenda.read(connection)
        case .moved where connection.peerEnded: agenda.read(connection)
        case .moved, .wouldBlock: break
        case .ended, .lost, nil: lose(connection)
        }
    }
}
