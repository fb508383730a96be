// Applying changes: each makes one thing true and cannot fail. What is durable changes here and nowhere else.
extension Broker {
    /// Forgets what has been decided, and the queues that were created for it: last first, so that their places are
    /// given out again as if they had never been.
    func discardPlan() {
        for queue in plan.created.reversed() { queues.remove(queue) }
        plan.removeAll()
    }

    @inline(__always)
    func apply(_ change: Change) {
        switch change {
        case .sent(let message): applySent(message)
        case .leased(let message, let serial, let until, let session, let consumer, let keep):
            let lease = Lease(serial: serial, message: message, session: session, consumer: consumer, keep: keep)
            applyLeased(lease, until: until)
        case .extended(let message, let until): setDeadline(of: message, until)
        case .returned(let message, let readyAt, let counts): applyReturned(message, readyAt: readyAt, counts: counts)
        case .readied(let message): applyReadied(message)
        case .died(let message, let death): applyDied(message, death)
        case .deadLettered(let message, let target, let id, let death):
            applyDeadLettered(message, to: target, id: id, death, expiresAt: expiry(in: queue(target)))
        case .redriven(let message): applyRedriven(message)
        case .moved(let message, let target, let id):
            applyMoved(message, to: target, id: id, expiresAt: expiry(in: queue(target)))
        case .removed(let message, let removal, let session): applyRemoved(message, removal, by: session)
        case .trimmed(let queue): applyTrimmed(queue)
        case .declared(let number): applyDeclared(plan.declarations[number])
        case .dropped(let queue): applyDropped(queue)
        case .paused(let queue, let send, let receive):
            self.queue(queue).sendIsPaused = send
            self.queue(queue).receiveIsPaused = receive
            touch(queue)
        case .bound(let number): bindings.insert(plan.bindings[number].pattern, plan.bindings[number].queue)
        case .unbound(let number): bindings.remove(plan.bindings[number].pattern, plan.bindings[number].queue)
        }
    }

    /// As `queue(_:)`, for a change after which the queue is still there.
    @inline(__always)
    func withQueue<Result>(_ index: UInt32, _ body: (Queue) -> Result) -> Result { queues.reference(index).lend(body) }

    /// A queue that a message or a change names is there: it goes only after its last message.
    func queue(_ index: UInt32) -> Queue {
        guard let queue = queues[index] else { preconditionFailure("a queue outlives its messages") }
        return queue
    }

    // MARK: Coming

    private func applySent(_ new: Change.NewMessage) { withQueue(new.queue) { add(new, to: $0) } }

    @inline(__always)
    private func add(_ new: Change.NewMessage, to queue: Queue) {
        let slot = insert(new)
        let message = store.records.place(slot)
        if !new.group.isEmpty {
            message.pointee.group = queue.groups.number(of: new.group)
        }
        if !new.dedup.isEmpty {
            let before = queue.dedup.count
            queue.dedup.insert(
                new.dedup,
                new.dedupHash,
                id: new.id,
                window: queue.settings.dedupWindow,
                now: now.monotonic,
                segment: segments.current
            )
            dedupEntries += queue.dedup.count - before
        }
        noteRates(queue)
        queue.counters.sent += 1
        queue.add(slot, message, in: store)
        if recorder.isOn { queue.arrivals.note(new.id, turn: turn, durable: durableTurn) }
        placeWaiting(slot, message, in: queue, readyAt: new.readyAt)
    }

    @inline(__always)
    private func insert(_ new: Change.NewMessage) -> UInt32 {
        if isJournaled { segments.add() }
        if new.members.count == 0, new.expiresAt == 0 {
            return store.insert(
                id: new.id,
                sentAt: now.wall,
                queue: new.queue,
                priority: new.priority,
                segment: segments.tag,
                body: new.body
            )
        }
        var envelope = Envelope()
        envelope.expiresAt = new.expiresAt
        envelope.members = plan.slice(new.members)
        return store.insert(
            id: new.id,
            sentAt: now.wall,
            queue: new.queue,
            priority: new.priority,
            segment: segments.tag,
            envelope: envelope,
            body: new.body
        )
    }

    /// Puts a message that is not leased among the ready or the delayed ones, with its next deadline.
    @inline(__always)
    func placeWaiting(_ slot: UInt32, in queue: Queue, readyAt: Int) {
        placeWaiting(slot, store.records.place(slot), in: queue, readyAt: readyAt)
    }

    @inline(__always)
    private func placeWaiting(_ slot: UInt32, _ message: MessageRecord, in queue: Queue, readyAt: Int) {
        let isDelayed = readyAt > now.monotonic
        queue.place(slot, message, isDelayed ? .delayed : .ready, in: store)
        let expiry = message.pointee.hasEnvelope ? expiryDeadline(of: slot) : nil
        setDeadline(of: slot, message, isDelayed ? min(readyAt, expiry ?? readyAt) : expiry)
        if !isDelayed { touch(queue) }
    }

    /// The monotonic millisecond at which the message expires; nil for never.
    @inline(__always)
    func expiryDeadline(of slot: UInt32) -> Int? {
        let expiresAt = store.expiresAt(of: slot)
        return expiresAt == 0 ? nil : now.monotonic + expiresAt - now.wall
    }

    /// When something is next to happen to the message; nil for never.
    @inline(__always)
    func setDeadline(of slot: UInt32, _ deadline: Int?) {
        setDeadline(of: slot, store.records.place(slot), deadline)
    }

    @inline(__always)
    private func setDeadline(of slot: UInt32, _ message: MessageRecord, _ deadline: Int?) {
        let timer = message.pointee.timer
        if let deadline {
            if timer == 0 {
                message.pointee.timer = deadlines.insert(until: deadline, .message(slot))
            } else {
                deadlines.move(timer, until: deadline)
            }
        } else if timer != 0 {
            deadlines.remove(timer)
            message.pointee.timer = 0
        }
    }

    // MARK: Leases

    private func applyLeased(_ lease: Lease, until: Int) {
        withQueue(store[lease.message].queue) { lend(lease, until: until, from: $0) }
    }

    @inline(__always)
    private func lend(_ lease: Lease, until: Int, from queue: Queue) {
        let slot = lease.message
        let message = store.records.place(slot)
        lastSerial = max(lastSerial, lease.serial)
        noteRates(queue)
        noteDelivery(of: slot, in: queue)
        queue.unplace(slot, message, in: store)
        message.pointee.attempts += 1
        message.pointee.place = leases.insert(lease)
        queue.place(slot, message, .leased, in: store)
        setDeadline(of: slot, message, until)
        hold(message.pointee.place)
    }

    /// Ends the lease of a message that is about to be placed elsewhere.
    @inline(__always)
    private func endLease(of slot: UInt32) {
        let lease = store[slot].place
        letGo(lease)
        leases.remove(lease)
    }

    private func applyReturned(_ slot: UInt32, readyAt: Int, counts: Bool) {
        let queue = queue(store[slot].queue)
        endLease(of: slot)
        queue.unplace(slot, in: store)
        if !counts { store[slot].attempts -= 1 }
        placeWaiting(slot, in: queue, readyAt: readyAt)
        touch(queue)
    }

    private func applyReadied(_ slot: UInt32) {
        let queue = queue(store[slot].queue)
        queue.unplace(slot, in: store)
        placeWaiting(slot, in: queue, readyAt: 0)
    }

    // MARK: Death

    private func applyDied(_ slot: UInt32, _ death: Change.Death) {
        let queue = queue(store[slot].queue)
        noteDeath(of: slot, death, in: queue)
        leave(slot, of: queue)
        let before = store.payload(of: slot).count
        store.replaceEnvelope(of: slot, with: envelope(of: slot, after: death, in: queue))
        queue.adjustBytes(by: store.payload(of: slot).count - before)
        queue.place(slot, .dead, in: store)
    }

    func applyDeadLettered(_ slot: UInt32, to target: UInt32, id: Int, _ death: Change.Death, expiresAt: Int) {
        let queue = queue(store[slot].queue)
        let target = self.queue(target)
        noteDeath(of: slot, death, in: queue)
        leave(slot, of: queue)
        queue.place(slot, .dead, in: store)
        var envelope = envelope(of: slot, after: death, in: queue)
        envelope.expiresAt = expiresAt
        transfer(slot, from: queue, to: target, id: id, envelope: envelope)
    }

    private func envelope(of slot: UInt32, after death: Change.Death, in queue: Queue) -> Envelope {
        var envelope = store.envelope(of: slot)
        envelope.origin = plan.slice(death.origin)
        if !envelope.hops.contains(queue.number) { envelope.hops.append(queue.number) }
        // What is dead does not expire.
        envelope.expiresAt = 0
        return envelope
    }

    private func noteDeath(of slot: UInt32, _ death: Change.Death, in queue: Queue) {
        queue.counters.deadLettered += 1
        if death.cause == .expired { queue.counters.expired += 1 }
        guard queue.settings.history > 0 else { return }
        noteHistory(of: slot, in: queue, death.cause == .expired ? .expired : .rejected, by: death.session)
    }

    /// Takes a message out of its state: its lease ends, its deadline is off.
    private func leave(_ slot: UInt32, of queue: Queue) {
        if store[slot].state == .leased {
            endLease(of: slot)
            touch(queue)
        }
        let group = store[slot].group
        queue.unplace(slot, in: store)
        setDeadline(of: slot, nil)
        // Those of its group that it held back may be ready now.
        if group != 0 { touch(queue) }
    }

    /// Makes a dead message of one queue a ready one of another, under a new id and with no attempts.
    private func transfer(_ slot: UInt32, from queue: Queue, to target: Queue, id: Int, envelope: Envelope) {
        let message = store[slot]
        let moved = store.insert(
            id: id,
            sentAt: message.sentAt,
            queue: target.index,
            priority: message.priority,
            // What it was sent with still stands where it was sent.
            segment: message.segment,
            envelope: envelope,
            body: store.shown(of: slot).body
        )
        if isJournaled { segments.add(message.segment) }
        if message.group != 0 {
            store[moved].group = queue.groups[message.group].name.withBytes { target.groups.number(of: $0) }
        }
        noteRates(target)
        target.counters.sent += 1
        target.add(moved, store.records.place(moved), in: store)
        if recorder.isOn { target.arrivals.note(id, turn: turn, durable: durableTurn) }
        placeWaiting(moved, in: target, readyAt: 0)
        queue.lastUsed = now.monotonic
        forget(slot, store.records.place(slot), of: queue)
    }

    private func applyRedriven(_ slot: UInt32) {
        let queue = queue(store[slot].queue)
        queue.unplace(slot, in: store)
        revive(slot, in: queue)
        store[slot].attempts = 0
        placeWaiting(slot, in: queue, readyAt: 0)
    }

    func applyMoved(_ slot: UInt32, to target: UInt32, id: Int, expiresAt: Int) {
        var envelope = store.envelope(of: slot)
        envelope.hops = []
        envelope.expiresAt = expiresAt
        transfer(slot, from: queue(store[slot].queue), to: queue(target), id: id, envelope: envelope)
    }

    /// A redriven message may go to every dead-letter queue again.
    private func revive(_ slot: UInt32, in queue: Queue) {
        var envelope = store.envelope(of: slot)
        envelope.hops = []
        let before = store.payload(of: slot).count
        store.replaceEnvelope(of: slot, with: envelope)
        queue.adjustBytes(by: store.payload(of: slot).count - before)
    }

    // MARK: Going

    private func applyRemoved(_ slot: UInt32, _ removal: Change.Removal, by session: UInt32) {
        withQueue(store[slot].queue) { remove(slot, from: $0, removal, by: session) }
    }

    @inline(__always)
    private func remove(_ slot: UInt32, from queue: Queue, _ removal: Change.Removal, by session: UInt32) {
        noteRates(queue)
        switch removal {
        case .deleted: queue.counters.deleted += 1
        case .taken:
            queue.counters.deleted += 1
            noteDelivery(of: slot, in: queue)
            store[slot].attempts += 1
        case .expired: queue.counters.expired += 1
        case .purged: queue.counters.dropped += 1
        }
        remove(slot, from: queue, removal.outcome, by: session)
    }

    func remove(_ slot: UInt32, from queue: Queue, _ outcome: HistoryRecord.Outcome, by session: UInt32) {
        // What is dead has its record: that it died.
        let message = store.records.place(slot)
        if queue.settings.history > 0, message.pointee.state != .dead {
            noteHistory(of: slot, in: queue, outcome, by: session)
        }
        if message.pointee.state == .leased { endLease(of: slot) }
        // Those of its group that it held back may be ready now.
        if message.pointee.group != 0 { touch(queue) }
        setDeadline(of: slot, message, nil)
        queue.lastUsed = now.monotonic
        forget(slot, message, of: queue)
    }

    private func forget(_ slot: UInt32, _ message: MessageRecord, of queue: Queue) {
        if isJournaled { segments.remove(message.pointee.segment) }
        queue.remove(slot, message, in: store)
        store.remove(slot, message)
    }

    private func applyTrimmed(_ index: UInt32) {
        let queue = queue(index)
        // A limit that was lowered is reached over several sends, not in one long stall.
        var rest = 1_000
        while queue.isOverLimits, rest > 0 {
            rest -= 1
            if rest < 900 { tookLong = true }
            let oldest = queue.oldestDroppable(in: store)
            guard oldest != 0 else { return }
            queue.counters.dropped += 1
            recordRemoval(of: oldest)
            remove(oldest, from: queue, .dropped, by: 0)
        }
    }

    // MARK: Queues

    private func applyDeclared(_ declaration: Plan.Declaration) {
        change(queue(declaration.queue), to: declaration.settings)
    }

    func change(_ queue: Queue, to settings: QueueSettings) {
        let (concurrency, history) = (queue.settings.groupConcurrency, queue.settings.history)
        queue.settings = settings
        // With the new limit, so that it is known when the journal is read how many of those before it were forgotten.
        if settings.history < history, let last = queue.history.last { record(last, in: queue) }
        if queue.settings.groupConcurrency != concurrency, queue.groups.count > 0 {
            _ = begin(Job(work: .offer(queue: queue.index, next: 0), queueNumber: queue.number), asker: { nil })
        }
        if !queue.history.isClean {
            _ = begin(Job(work: .forget(queue: queue.index), queueNumber: queue.number), asker: { nil })
        }
        watchUse(of: queue)
        touch(queue)
    }

    /// The queue is gone for everyone; what it holds is freed at once if it is little, else by and by.
    private func applyDropped(_ index: UInt32) {
        let queue = queue(index)
        bindings.abandon(index)
        if queue.rateTimer != 0 { timeouts.remove(queue.rateTimer) }
        if queue.unusedTimer != 0 { deadlines.remove(queue.unusedTimer) }
        (queue.rateTimer, queue.unusedTimer) = (0, 0)
        queues.hide(queue)
        // Those who still stand in its line get nothing more from it.
        queue.receiveIsPaused = true
        _ = begin(Job(work: .clear(queue: index)), asker: { nil })
    }
}

extension Change.Removal {
    /// How the queue's history names it.
    fileprivate var outcome: HistoryRecord.Outcome {
        switch self {
        case .deleted, .taken: .deleted
        case .expired: .expired
        case .purged: .dropped
        }
    }
}
