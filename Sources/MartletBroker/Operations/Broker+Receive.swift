import MartletProtocol

// `receive`: what is there now, or the first that comes.
extension Broker {
    /// Messages that have expired and are found in the way by one receive; with more of them it finds nothing yet.
    private static let expiredAtMost = 1_000

    func receive(_ request: Request, _ session: Session) throws(Failure) -> Outcome {
        expiriesLeft = Self.expiredAtMost
        if let name = request.text(.queue), let queue = queues.locate(name) {
            // The common case, without an array of queues.
            let isAnswered = try queue.lend { queue throws(Failure) in try take(request, from: queue, session) }
            if isAnswered { return .answered }
        } else {
            let named = try queuesForUse(request)
            guard named.contains(where: { !$0.receiveIsPaused }) else {
                throw Failure(.paused, "\(named.map(\.name).joined(separator: ", ")) is paused for receiving")
            }
            if take(request, from: named, session, namesQueue: request.has(.queues)) { return .answered }
        }
        let wait = request.integer(.wait) ?? 0
        guard wait > 0 else {
            reply.append(",\"messages\":[]")
            return .answered
        }
        try startWaiting(request, session, milliseconds: wait)
        return .waits
    }

    /// Delivers what is in the one queue that the request names. Returns whether there was anything.
    @inline(__always)
    private func take(_ request: Request, from queue: Queue, _ session: Session) throws(Failure) -> Bool {
        queue.lastUsed = now.monotonic
        guard !queue.receiveIsPaused else { throw Failure(.paused, "\(queue.name) is paused for receiving") }
        var count = 0
        take(request, from: queue, session, namesQueue: false, start: reply.count, &count)
        guard count > 0 else { return false }
        reply.append("]")
        endHandOver()
        return true
    }

    /// Delivers what is there, from the queues in their order. Returns whether there was anything.
    private func take(_ request: Request, from named: [Queue], _ session: Session, namesQueue: Bool) -> Bool {
        let start = reply.count
        var count = 0
        for queue in named where expiriesLeft > 0 {
            take(request, from: queue, session, namesQueue: namesQueue, start: start, &count)
        }
        guard count > 0 else { return false }
        reply.append("]")
        endHandOver()
        return true
    }

    /// - Parameters:
    ///   - start: where the reply's messages begin.
    ///   - count: how many messages it has.
    private func take(
        _ request: Request,
        from queue: Queue,
        _ session: Session,
        namesQueue: Bool,
        start: Int,
        _ count: inout Int
    ) {
        let terms = DeliveryTerms(
            session: session.index,
            consumer: 0,
            lease: request.integer(.lease) ?? -1,
            keep: request.flag(.keep),
            autoDelete: request.flag(.autoDelete),
            namesQueue: namesQueue
        )
        let wanted = request.integer(.max) ?? 1
        while count < wanted, reply.count - start < settings.limits.maxOutput {
            let slot = takeNext(from: queue)
            guard slot != 0 else { return }
            if count == 0 { reply.append(",\"messages\":[{\"id\":") } else { reply.append(",{\"id\":") }
            deliver(slot, from: queue, terms)
            count += 1
        }
    }

    private func startWaiting(_ request: Request, _ session: Session, milliseconds: Int) throws(Failure) {
        guard waitingReceivers < settings.limits.maxWaitingReceivers else {
            throw Failure(.tooMany, "\(waitingReceivers) receivers wait, as many as there may be")
        }
        let named = try queuesForUse(request)
        // The queues are there from now on: this request does not fail any more.
        commitPlan()
        let consumer = Consumer(
            kind: .receive,
            session: session.index,
            number: session.replies.appendUnanswered(),
            max: request.integer(.max) ?? 1,
            credit: 0,
            lease: request.integer(.lease) ?? -1,
            keep: request.flag(.keep),
            autoDelete: request.flag(.autoDelete),
            namesQueue: request.has(.queues)
        )
        let slot = add(consumer, to: named, of: session)
        consumers[slot].timer = timeouts.insert(until: now.monotonic + milliseconds, .consumer(slot))
        if !request.tag.isEmpty { tags[slot] = Array(request.tag) }
    }
}
