import MartletProtocol

// How replies and deliveries get into the outboxes: whole lines, each connection's replies in the order of its
// requests.
extension Broker {
    /// Begins a line for a session; what is written to `reply` goes to its loop.
    @inline(__always)
    func beginReply(_ session: Session) -> Int {
        outboxes.begin(forLoop: session.loop)
    }

    /// The line being written.
    var reply: ByteBuffer {
        @inline(__always) _read { yield outboxes.line }
        @inline(__always) _modify { yield &outboxes.line }
    }

    func cancelReply(from start: Int) { reply.truncate(to: start) }

    /// Ends the reply to a request: it leaves now, or behind those that the session still waits for.
    @inline(__always)
    func endReply(_ session: Session, from start: Int, closes: Bool = false) {
        if session.replies.isEmpty {
            endLine(session, from: start, closes: closes)
        } else {
            holdReply(session, from: start, closes: closes)
        }
        if closes { end(session) }
    }

    @inline(never)
    private func holdReply(_ session: Session, from start: Int, closes: Bool) {
        outboxes.lineAwaits = .durability
        session.replies.append(reply.bytes(from: start))
        cancelReply(from: start)
        // The connection closes behind its last reply, so a close waits for those before it.
        if closes { session.closesWhenAnswered = true }
    }

    /// Ends the reply to a request that had to wait, and lets those behind it go.
    func endReply(_ session: Session, waitedAs number: Int, from start: Int) {
        if session.replies.answerAlone() {
            endLine(session, from: start)
        } else {
            outboxes.lineAwaits = .durability
            let leaving = session.replies.answer(number, reply.bytes(from: start))
            cancelReply(from: start)
            let start = reply.count
            for line in leaving { line.withUnsafeBytes { reply.append($0) } }
            if !leaving.isEmpty { endLine(session, from: start) }
        }
        guard session.closesWhenAnswered, session.replies.isEmpty else { return }
        endLine(session, from: reply.count, closes: true)
    }

    /// Ends a line that leaves at once.
    @inline(__always)
    func endLine(_ session: Session, from start: Int, closes: Bool = false) {
        session.owedBytes += reply.count - start
        if closes { session.isClosing = true }
        outboxes.endRun(ofLoop: session.loop, from: start, to: session.connection, closes: closes)
    }

    @inline(__always)
    func write(tag: UnsafeRawBufferPointer) {
        guard !tag.isEmpty else { return }
        reply.append(",\"tag\":")
        reply.append(tag)
    }

    func writeFailure(_ failure: Failure, tag: UnsafeRawBufferPointer) {
        reply.append("{\"ok\":false")
        write(tag: tag)
        reply.append(",\"error\":\"")
        reply.append(text: failure.code.rawValue)
        reply.append("\",\"reason\":")
        reply.append(quoted: failure.reason)
        if let index = failure.index {
            reply.append(",\"index\":")
            reply.append(integer: index)
        }
        reply.append("}\n")
    }

    // MARK: Messages

    /// A message as it is delivered or shown; `lease` is 0 where there is none.
    func writeMessage(_ slot: UInt32, lease: UInt32, queue: Queue?, showsState: Bool = false) {
        reply.append("{\"id\":")
        writeMembers(of: slot, lease: lease, queue: queue)
        if showsState {
            reply.append(",\"state\":\"")
            reply.append(text: store[slot].state.name)
            reply.append("\"")
        }
        writeBody(of: slot)
    }

    /// The members of a delivery, from the value of `id` on, without its body.
    @inline(__always)
    func writeMembers(of slot: UInt32, lease: UInt32, queue: Queue?) {
        let message = store.records.place(slot)
        let id = reply.append(keeping: message.pointee.id)
        if let queue {
            reply.append(",\"queue\":\"")
            queue.nameBytes.withUnsafeBytes { reply.append($0) }
            reply.append("\"")
        }
        // Five numbers and seventy bytes between them.
        reply.append(room: 5 * Decimal.room + 70) { reply in
            if lease != 0 {
                reply.append(",\"receipt\":\"")
                reply.append(id)
                reply.append(".")
                reply.append(hexadecimal: leases[lease].serial)
                reply.append("\"")
            }
            reply.append(",\"attempt\":")
            reply.append(integer: Int(message.pointee.attempts))
            reply.append(",\"sent_at\":")
            reply.append(&sentAt, message.pointee.sentAt)
            if message.pointee.priority != Priority.ordinary {
                reply.append(",\"priority\":")
                reply.append(integer: Int(message.pointee.priority))
            }
        }
        if message.pointee.hasEnvelope { writeExpiry(of: slot) }
    }

    private func writeExpiry(of slot: UInt32) {
        let expiresAt = store.expiresAt(of: slot)
        guard expiresAt != 0 else { return }
        reply.append(",\"expires_at\":")
        reply.append(integer: expiresAt)
    }

    /// The other members, the body, and the end of the object.
    @inline(__always)
    func writeBody(of slot: UInt32) {
        let (members, body) = store.shown(of: slot)
        reply.append(room: members.count + body.count + 9) { reply in
            reply.append(members)
            reply.append(",\"body\":")
            reply.append(body)
            reply.append("}")
        }
    }
}

extension Message.State {
    var name: String { String(describing: self) }
}

enum Priority {
    static let ordinary: UInt8 = 4
}
