import MartletProtocol

// Handing messages over: to those who ask now, and to those who wait.
//
// After each request, every queue that it has touched is dispatched: as long as there is a message that may leave and a
// consumer in line, the first in line gets it. A receive leaves the line with what is there, in all of its queues; a
// subscription goes to its end. Nothing else looks for consumers, and a queue without consumers costs one test.
//
// A queue that is resumed may have a million messages for its subscribers. So one go hands over about 2,000, and what
// is left is for the next turns, a go in each.
extension Broker {
    /// Notes that there may be something to hand over in this queue.
    @inline(__always)
    func touch(_ queue: Queue) {
        guard !queue.isTouched, !queue.line.isEmpty else { return }
        queue.isTouched = true
        touched.append(queue.index)
    }

    func touch(_ index: UInt32) {
        if let queue = queues[index] { touch(queue) }
    }

    /// Serves the lines of the queues that were touched, as far as one go allows; the others are left `unserved`.
    func dispatchTouched() {
        beginGo()
        serveTouched()
    }

    /// Goes on with what was left.
    func dispatchUnserved() {
        let waiting = unserved
        unserved = []
        beginGo()
        var next = 0
        while next < waiting.count, mayGoOn {
            serve(waiting[next])
            next += 1
        }
        unserved += waiting[next...]
        // Behind them, one that was not served to the end: it was touched again.
        serveTouched()
    }

    private func beginGo() { (handOversLeft, expiriesLeft) = (handOversAtOnce, handOversAtOnce) }

    private func serveTouched() {
        // Handing over ends no lease and readies no message, but it may expire one into another queue.
        var next = 0
        while next < touched.count, mayGoOn {
            serve(touched[next])
            next += 1
        }
        if next < touched.count { unserved += touched[next...] }
        touched.removeAll(keepingCapacity: true)
        if handOversLeft < handOversAtOnce - 100 { tookLong = true }
    }

    private func serve(_ index: UInt32) {
        guard let queue = queues[index] else { return }
        queue.isTouched = false
        dispatch(queue)
    }

    /// A lease that cannot be written down is not given: with no room in the journal the rest waits.
    private var mayGoOn: Bool { handOversLeft > 0 && expiriesLeft > 0 && hasRoom }

    /// Serves a queue's line, and before it the lines of others in which someone stands ahead of who is first here.
    private func dispatch(_ queue: Queue) {
        guard let other = serveLine(of: queue) else { return }
        // Each stands in the line of the one before it, behind someone who waits longer: so this comes to an end.
        var stack = [queue, other]
        while let last = stack.last {
            if let other = serveLine(of: last) { stack.append(other) } else { stack.removeLast() }
        }
    }

    /// As long as a message may leave, the first in line gets it. Returns a queue that is to be served before.
    private func serveLine(of queue: Queue) -> Queue? {
        line: while !queue.line.isEmpty, mayGoOn {
            let consumer = claims[queue.line.first].consumer
            guard !isOver(consumer) else {
                stepOut(consumer)
                continue
            }
            switch consumers[consumer].kind {
            case .receive:
                if standsInSeveralLines(consumer) {
                    guard mayGive(queue) else { break line }
                    if let other = queueToServe(before: consumer) { return other }
                }
                guard hand(toReceive: consumer) else { break line }
            case .subscription:
                let slot = takeNext(from: queue)
                guard slot != 0 else { break line }
                push(slot, from: queue, to: consumer)
            }
        }
        if !queue.line.isEmpty { if mayGoOn { armRateTimer(of: queue) } else { touch(queue) } }
        return nil
    }

    /// The message that leaves the queue next; its token of the queue's rate is taken. 0 if none may leave, or there is
    /// no room in the journal for its lease.
    @inline(__always)
    func takeNext(from queue: Queue) -> UInt32 {
        guard !queue.receiveIsPaused, hasRoom else { return 0 }
        var slot = queue.nextReady(in: store)
        while slot != 0, isOverdue(slot) {
            messageIsDue(slot)
            expiriesLeft -= 1
            guard hasRoom, expiriesLeft > 0 else { return 0 }
            slot = queue.nextReady(in: store)
        }
        guard slot != 0 else { return 0 }
        if queue.settings.rate > 0, !withBucket(of: queue, { $0.take(now: now.monotonic) }) { return 0 }
        // Only now: where nothing can leave, there must be nothing left to go on with.
        handOversLeft -= 1
        return slot
    }

    /// Whether a ready message has expired, though a long `advance` has not come to it yet.
    @inline(__always)
    private func isOverdue(_ slot: UInt32) -> Bool {
        let timer = store[slot].timer
        return timer != 0 && deadlines.deadline(of: timer) <= now.monotonic
    }

    func withBucket<Result>(of queue: Queue, _ body: (inout TokenBucket) -> Result) -> Result {
        var bucket =
            queue.bucket
            ?? TokenBucket(rate: queue.settings.rate, burst: queue.settings.burst, now: now.monotonic)
        defer { queue.bucket = bucket }
        return body(&bucket)
    }

    /// Comes back when the queue's rate allows for a message, if that is what its consumers wait for.
    private func armRateTimer(of queue: Queue) {
        guard queue.settings.rate > 0, !queue.receiveIsPaused, !queue.readyMessages.isEmpty else { return }
        let token = withBucket(of: queue) { $0.nextToken(now: now.monotonic) }
        let instant = max(token, now.monotonic + 1)
        if queue.rateTimer == 0 {
            queue.rateTimer = timeouts.insert(until: instant, .rate(queue: queue.index))
        } else if timeouts.deadline(of: queue.rateTimer) != instant {
            // It was set for another rate.
            timeouts.move(queue.rateTimer, until: instant)
        }
    }

    // MARK: Handing over

    /// How a delivery is made.
    struct DeliveryTerms {
        var session: UInt32
        /// The subscription whose credit it uses; 0 for a receive.
        var consumer: UInt32
        /// Milliseconds; -1 for the queue's own.
        var lease: Int
        var keep: Bool
        var autoDelete: Bool
        var namesQueue: Bool
    }

    /// Leases a message (or deletes it, with `auto_delete`) and writes it from the value of `id` on.
    @inline(__always)
    func deliver(_ slot: UInt32, from queue: Queue, _ terms: DeliveryTerms) {
        let named = terms.namesQueue ? queue : nil
        if recorder.isOn { noteHandOver(of: slot, from: queue, terms) }
        guard !terms.autoDelete else {
            store[slot].attempts += 1
            writeMembers(of: slot, lease: 0, queue: named)
            writeBody(of: slot)
            store[slot].attempts -= 1
            return commit(.removed(message: slot, .taken, by: terms.session))
        }
        let duration = terms.lease >= 0 ? terms.lease : queue.settings.lease
        commit(
            .leased(
                message: slot,
                serial: lastSerial + 1,
                until: now.monotonic + duration,
                session: terms.session,
                consumer: terms.consumer,
                keep: terms.keep
            )
        )
        writeMembers(of: slot, lease: store[slot].place, queue: named)
        writeBody(of: slot)
    }

    /// What is deleted as it is handed over must not come back, so that is a promise too.
    private func noteHandOver(of slot: UInt32, from queue: Queue, _ terms: DeliveryTerms) {
        if terms.autoDelete || !queue.arrivals.isDurable(store[slot].id, durable: durableTurn) {
            handsOverUndurable = true
        }
    }

    /// The line being written shows nothing that is not durable, if what was handed over is: it need not wait.
    @inline(__always)
    func endHandOver() {
        guard recorder.isOn else { return }
        outboxes.lineAwaits = handsOverUndurable ? .durability : .writing
        handsOverUndurable = false
    }

    /// Answers a waiting receive with what is there for it. Returns whether there was anything.
    private func hand(toReceive slot: UInt32) -> Bool {
        let consumer = consumers[slot]
        var claim = consumer.firstClaim
        var message = takeNext(at: &claim)
        guard message != 0 else { return false }
        guard let session = sessions[consumer.session] else { preconditionFailure("a consumer goes with its session") }
        let start = beginReply(to: slot, session, ok: true)
        reply.append(",\"messages\":[")
        let terms = DeliveryTerms(
            session: session.index,
            consumer: 0,
            lease: consumer.lease,
            keep: consumer.keep,
            autoDelete: consumer.autoDelete,
            namesQueue: consumer.namesQueue
        )
        var count = 0
        while message != 0 {
            reply.append(count == 0 ? "{\"id\":" : ",{\"id\":")
            deliver(message, from: queue(claims[claim].queue), terms)
            count += 1
            message = count < consumer.max && reply.count - start < settings.limits.maxOutput ? takeNext(at: &claim) : 0
        }
        reply.append("]}\n")
        if standsInSeveralLines(slot) { touchLeftovers(of: slot) }
        remove(slot)
        endHandOver()
        endReply(session, waitedAs: consumer.number, from: start)
        return true
    }

    /// Pushes a message to a subscription.
    private func push(_ slot: UInt32, from queue: Queue, to subscription: UInt32) {
        let consumer = consumers[subscription]
        guard let session = sessions[consumer.session] else { preconditionFailure("a consumer goes with its session") }
        let start = beginReply(session)
        reply.append("{\"event\":\"message\",\"subscription\":")
        reply.append(integer: consumer.number)
        reply.append(",\"id\":")
        queue.line.rotate(in: claims)
        deliver(
            slot,
            from: queue,
            DeliveryTerms(
                session: session.index,
                consumer: consumer.autoDelete ? 0 : subscription,
                lease: consumer.lease,
                keep: consumer.keep,
                autoDelete: consumer.autoDelete,
                namesQueue: true
            )
        )
        reply.append("\n")
        endHandOver()
        endLine(session, from: start)
        if session.owedBytes > settings.limits.maxOutput { congest(session) }
    }

    /// The session's peer does not read: its consumers step out of their lines until it does.
    private func congest(_ session: Session) {
        session.isCongested = true
        for slot in consumers(of: session) { stepOut(slot) }
    }
}
