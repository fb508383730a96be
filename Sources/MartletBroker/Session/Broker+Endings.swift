// What connections that have ended leave behind, seen to in slices: a process that dies can take a thousand connections
// with it, and each of them a thousand waiting receives.
extension Broker {
    /// The peer has sent its last byte, though not all of them are read yet.
    package func endWaits(_ id: SessionID, now: Now) {
        guard let session = sessions[id], !session.isClosing else { return }
        self.now = now
        end(session)
    }

    /// Nothing comes from the peer any more, so what it waits for is answered as it stands, and nothing is handed to it
    /// from now on.
    ///
    /// One that has shut down its sending side alone and one that has gone altogether look alike here: a message for
    /// the latter would cost an attempt, or be lost, and the leases that it has would stay until its wait is over.
    func end(_ session: Session) {
        session.hasEnded = true
        guard session.firstConsumer != 0 else { return }
        ended.append(session.id)
        endWaits()
    }

    /// Ends what the connections wait for that have ended, the first first, as far as `endingsLeft` allows.
    func endWaits() {
        while endingsLeft > 0, let id = ended.first {
            if let session = sessions[id], !endWaits(of: session) { return }
            ended.removeFirst()
        }
    }

    /// Returns whether nothing is left that it waits for.
    private func endWaits(of session: Session) -> Bool {
        for slot in consumers(of: session) {
            guard endingsLeft > 0 else { return false }
            if session.isGone {
                endingsLeft -= 1 + remove(slot)
            } else if consumers[slot].kind == .receive {
                endingsLeft -= 2
                answerEmpty(slot)
            } else {
                stepOut(slot)
            }
        }
        return true
    }

    /// Whether a consumer is to be handed nothing any more, though it may still stand in line.
    @inline(__always)
    func isOver(_ consumer: UInt32) -> Bool {
        isDraining || (sessions[consumers[consumer].session]?.hasEnded ?? true)
    }
}
