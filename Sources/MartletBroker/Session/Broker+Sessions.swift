import MartletProtocol

// Connections come and go.
extension Broker {
    /// A connection came; `connection` is what its loop knows it by in the runs of its outbox.
    package func openSession(loop: Int, connection: UInt64, now: Now) -> SessionID {
        self.now = now
        return sessions.open(loop: loop, connection: connection).id
    }

    /// A connection went: its leases end, its waiting receives, subscriptions and temporary queues go with it.
    package func closeSession(_ id: SessionID, now: Now) {
        guard let session = sessions[id] else { return }
        self.now = now
        // Nothing is handed to it any more, nor are its leases asked which of them was whose: see `letGo(_:)`.
        session.isGone = true
        end(session)
        // A queue that was dropped before has left its place to one that this session does not own.
        let owned = session.temporaryQueues.compactMap { queues[$0] }.filter { $0.owner == session.index }
        for queue in owned { queue.owner = 0 }
        session.isClosing = true
        dropOrphans(owned)
        _ = begin(Job(work: .part(session: session.index)), asker: { nil })
        dispatchTouched()
    }

    /// The peer has sent its last byte: when everything that it has asked for is answered, its connection closes.
    package func finish(_ id: SessionID, now: Now) {
        guard let session = sessions[id], !session.isClosing else { return }
        self.now = now
        session.closesWhenAnswered = true
        end(session)
        if session.replies.isEmpty, !session.isClosing {
            endLine(session, from: beginReply(session), closes: true)
        }
    }

    /// Whether the session's next request may be handled: false while its peer owes us too much reading, or too many
    /// replies wait for one before them.
    package func accepts(_ id: SessionID) -> Bool {
        guard let session = sessions[id] else { return false }
        return accepts(session)
    }

    @inline(__always)
    func accepts(_ session: Session) -> Bool {
        session.owedBytes + session.replies.heldBytes <= settings.limits.maxOutput
            && session.replies.count < settings.limits.maxRequestsInFlight
    }

    /// The loop has handed `count` bytes of the session's output to the kernel.
    package func wrote(_ count: Int, to id: SessionID, now: Now) {
        guard let session = sessions[id] else { return }
        session.owedBytes -= count
        guard session.isCongested, session.owedBytes <= settings.limits.maxOutput / 2 else { return }
        self.now = now
        session.isCongested = false
        for slot in consumers(of: session) { stepIn(slot) }
        dispatchTouched()
    }

    /// Bit n: loop n has output in its outbox.
    package var loopsWithOutput: UInt64 { outboxes.withOutput }

    /// Takes the outbox of a loop, leaving the emptied one that the loop brings.
    package func swapOutbox(ofLoop loop: Int, with outbox: inout Outbox) {
        outboxes.swap(ofLoop: loop, with: &outbox)
    }

    /// New work is answered `draining` from now on; waiting receives are answered at once, with nothing.
    package func beginDraining(now: Now) {
        self.now = now
        isDraining = true
        for session in sessions.all where session.firstConsumer != 0 { ended.append(session.id) }
        endWaits()
    }
}
