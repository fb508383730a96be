// What the passing of time does: leases end, delays are over, messages expire, waits time out, tokens return.
extension Broker {
    /// How many deadlines one `advance` sees to, so that a million at one instant do not stop everything else; the next
    /// turn goes on with the rest.
    private static let deadlinesAtOnce = 2_000

    /// Milliseconds after which room in the journal is looked for again.
    private static let roomPause = 1_000

    /// The monotonic millisecond at which `advance` has something to do; nil if nothing waits for time.
    package var nextDeadline: Int? {
        if restatement != nil || isHeedDue || !ended.isEmpty { return now.monotonic }
        if jobs.contains(where: { !isHeldUp($0) }) { return now.monotonic }
        let wait = timeouts.nextDeadline
        guard let work = hasRoom ? nextWork : nextWork.map({ max($0, now.monotonic + Self.roomPause) }) else {
            return wait
        }
        return min(work, wait ?? work)
    }

    /// When something is to be done that takes room in the journal.
    private var nextWork: Int? { jobs.isEmpty && unserved.isEmpty ? deadlines.nextDeadline : now.monotonic }

    /// Makes true what the passing of time has brought about. What would be recorded when the journal has no room left,
    /// not even for that, is put off: its record, and with it every reply, would wait for space.
    package func advance(to now: Now) {
        self.now = now
        noteClock()
        endingsLeft = endingsAtOnce
        var rest = Self.deadlinesAtOnce
        meetDeadlines(&rest)
        endDueWaits(&rest)
        if !ended.isEmpty { endWaits() }
        continueJobs()
        continueRestatement()
        if !unserved.isEmpty { dispatchUnserved() }
        if !touched.isEmpty { dispatchTouched() }
        store.compact()
    }

    private func meetDeadlines(_ rest: inout Int) {
        while rest > 0, hasRoom, let due = deadlines.popDue(at: now.monotonic) {
            rest -= 1
            switch due {
            case .message(let slot):
                store[slot].timer = 0
                messageIsDue(slot)
            case .unused(let index):
                queue(index).unusedTimer = 0
                dropIfUnused(queue(index))
            }
        }
    }

    private func endDueWaits(_ rest: inout Int) {
        while rest > 0, let due = timeouts.popDue(at: now.monotonic) {
            rest -= 1
            switch due {
            case .consumer(let slot):
                consumers[slot].timer = 0
                answerEmpty(slot)
            case .rate(let index):
                queue(index).rateTimer = 0
                touch(index)
            }
        }
    }

    /// The deadline of a message has come: which one, its state tells.
    func messageIsDue(_ slot: UInt32) {
        let expiresAt = store.expiresAt(of: slot)
        switch store[slot].state {
        case .leased: failDelivery(of: slot)
        case .delayed where expiresAt == 0 || expiresAt > now.wall: commit(.readied(message: slot))
        case .ready, .delayed: expire(slot)
        case .dead: preconditionFailure("what is dead waits for no deadline")
        }
    }

    private func expire(_ slot: UInt32) {
        let queue = queue(store[slot].queue)
        switch queue.settings.onExpire {
        case .drop: commit(.removed(message: slot, .expired, by: 0))
        case .dead:
            planDeath(of: slot, .expired, reason: "expired", by: 0)
            commitPlan()
        }
    }

    /// A lease has ended without the message being settled.
    func failDelivery(of slot: UInt32) {
        planReturn(of: slot, delay: nil, counts: true, by: 0)
        commitPlan()
    }

    /// An auto-created queue that has been empty and unused for `expire_unused` goes.
    func dropIfUnused(_ queue: Queue) {
        guard queue.isAutoCreated, queue.settings.expireUnused > 0 else { return }
        let instant = queue.lastUsed + queue.settings.expireUnused
        if queue.isEmpty, queue.consumers == 0, instant <= now.monotonic {
            commit(.dropped(queue: queue.index))
        } else {
            let next = instant > now.monotonic ? instant : now.monotonic + queue.settings.expireUnused
            queue.unusedTimer = deadlines.insert(until: next, .unused(queue: queue.index))
        }
    }

    /// Begins to watch whether the queue is used, where its settings say so.
    func watchUse(of queue: Queue) {
        guard queue.isAutoCreated, queue.settings.expireUnused > 0, queue.unusedTimer == 0 else { return }
        queue.unusedTimer = deadlines.insert(
            until: now.monotonic + queue.settings.expireUnused,
            .unused(queue: queue.index)
        )
    }
}
