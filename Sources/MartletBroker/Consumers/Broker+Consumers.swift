import MartletProtocol

// Waiting receives and subscriptions: how they come into the lines of their queues and leave them.
extension Broker {
    /// Enters a consumer for the given queues, at the end of their lines.
    func add(_ consumer: Consumer, to queues: [Queue], of session: Session) -> UInt32 {
        let slot = consumers.insert(consumer)
        for queue in queues.reversed() {
            let claim = claims.insert(Claim(consumer: slot, queue: queue.index, sibling: consumers[slot].firstClaim))
            consumers[slot].firstClaim = claim
            queue.consumers += 1
        }
        consumers[slot].next = session.firstConsumer
        if session.firstConsumer != 0 { consumers[session.firstConsumer].previous = slot }
        session.firstConsumer = slot
        if consumer.kind == .receive { waitingReceivers += 1 } else { session.subscriptionCount += 1 }
        stepIn(slot)
        return slot
    }

    /// Takes a consumer out of everything; what it has leased stays leased. Returns how many queues it has left.
    @discardableResult func remove(_ slot: UInt32) -> Int {
        stepOut(slot)
        let consumer = consumers[slot]
        var claim = consumer.firstClaim
        var count = 0
        while claim != 0 {
            count += 1
            let next = claims[claim].sibling
            let queue = queue(claims[claim].queue)
            queue.consumers -= 1
            queue.lastUsed = now.monotonic
            claims.remove(claim)
            claim = next
        }
        if consumer.timer != 0 { timeouts.remove(consumer.timer) }
        if let session = sessions[consumer.session] { unlink(consumer, from: session) }
        if consumer.kind == .receive { waitingReceivers -= 1 }
        tags[slot] = nil
        consumers.remove(slot)
        return count
    }

    private func unlink(_ consumer: Consumer, from session: Session) {
        if consumer.previous == 0 {
            session.firstConsumer = consumer.next
        } else {
            consumers[consumer.previous].next = consumer.next
        }
        if consumer.next != 0 { consumers[consumer.next].previous = consumer.previous }
        if consumer.kind == .subscription { session.subscriptionCount -= 1 }
    }

    /// Puts a consumer into the lines of its queues, if it could take a message.
    func stepIn(_ slot: UInt32) {
        guard !isDraining, consumers[slot].isHungry, let session = sessions[consumers[slot].session],
            !session.isCongested, !session.hasEnded
        else { return }
        var claim = consumers[slot].firstClaim
        while claim != 0 {
            let queue = queue(claims[claim].queue)
            if !claims[claim].isInLine { queue.line.append(claim, in: claims) }
            touch(queue)
            claim = claims[claim].sibling
        }
    }

    func stepOut(_ slot: UInt32) {
        var claim = consumers[slot].firstClaim
        while claim != 0 {
            if claims[claim].isInLine { queue(claims[claim].queue).line.remove(claim, in: claims) }
            claim = claims[claim].sibling
        }
    }

    /// A queue has gone: its consumers lose it, and those that have no other are told so. Returns whether that was all
    /// of them; the next ones are dismissed at the next call.
    func dismissConsumers(of queue: Queue) -> Bool {
        var rest = dismissalsAtOnce
        while queue.consumers > 0, queue.dismissedTo < sessions.end {
            guard rest > 0 else { return false }
            if let session = sessions[queue.dismissedTo] { rest -= dismissConsumers(of: session, from: queue) }
            queue.dismissedTo += 1
        }
        return true
    }

    /// Returns about how many answers it was worth.
    private func dismissConsumers(of session: Session, from queue: Queue) -> Int {
        var looks = 1
        for slot in consumers(of: session) {
            looks += 1
            guard removeClaim(of: slot, on: queue), consumers[slot].firstClaim == 0 else { continue }
            looks += Self.looksPerAnswer
            if consumers[slot].kind == .receive {
                answer(slot, with: Failure(.noQueue, "the queue \(queue.name) has gone"))
            } else {
                announceEnd(of: slot, queue)
                looks += forgetCredit(of: slot)
                remove(slot)
            }
        }
        return (looks + Self.looksPerAnswer - 1) / Self.looksPerAnswer
    }

    /// An answer costs about as much as so many looks at something in a list.
    private static let looksPerAnswer = 20

    /// The session's consumers, oldest first.
    func consumers(of session: Session) -> [UInt32] {
        var slots: [UInt32] = []
        var slot = session.firstConsumer
        while slot != 0 {
            slots.append(slot)
            slot = consumers[slot].next
        }
        return slots.reversed()
    }

    /// The consumer no longer waits for this queue. Returns whether it did.
    private func removeClaim(of slot: UInt32, on queue: Queue) -> Bool {
        var previous: UInt32 = 0
        var claim = consumers[slot].firstClaim
        while claim != 0, claims[claim].queue != queue.index {
            previous = claim
            claim = claims[claim].sibling
        }
        guard claim != 0 else { return false }
        if claims[claim].isInLine { queue.line.remove(claim, in: claims) }
        if previous == 0 {
            consumers[slot].firstClaim = claims[claim].sibling
        } else {
            claims[previous].sibling = claims[claim].sibling
        }
        claims.remove(claim)
        queue.consumers -= 1
        return true
    }

    /// A subscription ends while messages are leased for it: nobody waits for their credit any more. Returns how many
    /// leases were looked at.
    @discardableResult func forgetCredit(of slot: UInt32) -> Int {
        var lease = sessions[consumers[slot].session]?.firstLease ?? 0
        var looks = 0
        while lease != 0 {
            if leases[lease].consumer == slot { leases[lease].consumer = 0 }
            lease = leases[lease].next
            looks += 1
        }
        return looks
    }

    private func announceEnd(of slot: UInt32, _ queue: Queue) {
        guard let session = sessions[consumers[slot].session], !session.isGone else { return }
        let start = beginReply(session)
        reply.append("{\"event\":\"ended\",\"subscription\":")
        reply.append(integer: consumers[slot].number)
        reply.append(",\"queue\":\"")
        queue.nameBytes.withUnsafeBytes { reply.append($0) }
        reply.append("\"}\n")
        endLine(session, from: start)
    }

    // MARK: Answering a waiting receive

    /// Begins the reply to a waiting receive.
    func beginReply(to slot: UInt32, _ session: Session, ok: Bool) -> Int {
        let start = beginReply(session)
        reply.append(ok ? "{\"ok\":true" : "{\"ok\":false")
        if !tags.isEmpty, let tag = tags[slot] { tag.withUnsafeBytes { write(tag: $0) } }
        return start
    }

    /// A waiting receive fails.
    func answer(_ slot: UInt32, with failure: Failure) {
        let consumer = consumers[slot]
        defer { remove(slot) }
        guard let session = sessions[consumer.session], !session.isGone else { return }
        let start = beginReply(session)
        (tags[slot] ?? []).withUnsafeBytes { writeFailure(failure, tag: $0) }
        endReply(session, waitedAs: consumer.number, from: start)
    }

    /// A waiting receive ends without a message.
    func answerEmpty(_ slot: UInt32) {
        let consumer = consumers[slot]
        defer { remove(slot) }
        guard let session = sessions[consumer.session], !session.isGone else { return }
        let start = beginReply(to: slot, session, ok: true)
        reply.append(",\"messages\":[]}\n")
        endReply(session, waitedAs: consumer.number, from: start)
    }
}
