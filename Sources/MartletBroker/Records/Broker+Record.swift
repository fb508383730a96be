import MartletProtocol

// Recording changes: what is about to be applied, in the journal's words. Messages are named by their queue and id,
// instants by the wall clock, since slots and the monotonic clock mean nothing to the next run.
extension Broker {
    /// Records and applies what has been decided, as one entry.
    func commitPlan() {
        guard !plan.isEmpty || plan.isCompound else { return }
        // Last, because what a later part of the plan names must not be dropped before.
        for index in plan.overflowing { plan.changes.append(.trimmed(queue: index)) }
        if recorder.isOn {
            recorder.begin(at: now)
            for index in 0..<plan.changes.count {
                record(plan.changes[index])
                apply(plan.changes[index])
            }
            recorder.end()
        } else {
            for index in 0..<plan.changes.count { apply(plan.changes[index]) }
        }
        plan.removeAll()
    }

    /// Records and applies a single change.
    // Always inlined: which change it is, is known where it is made.
    @inline(__always)
    func commit(_ change: Change) {
        if recorder.isOn { return commitRecorded(change) }
        apply(change)
    }

    @inline(never)
    private func commitRecorded(_ change: Change) {
        recorder.begin(at: now)
        record(change)
        apply(change)
        recorder.end()
    }

    private func record(_ change: Change) {
        switch change {
        case .sent(let new): recordSent(new)
        case .leased(let slot, let serial, let until, _, _, let keep):
            guard recordHead(.leased, slot) else { return }
            recorder.put(serial)
            recorder.put(wall(until))
            recorder.put(keep ? 1 : 0 as UInt8)
        case .extended(let slot, let until):
            guard recordHead(.extended, slot) else { return }
            recorder.put(wall(until))
        case .returned(let slot, let readyAt, let counts):
            guard recordHead(.returned, slot) else { return }
            recorder.put(readyAt == 0 ? 0 : wall(readyAt))
            recorder.put(counts ? 1 : 0 as UInt8)
        case .readied(let slot): _ = recordHead(.readied, slot)
        case .died(let slot, let death):
            guard recordHead(.died, slot) else { return }
            recorder.put(death.cause.rawValue)
            recorder.put(plan.slice(death.origin))
        case .deadLettered(let slot, let target, let id, let death):
            guard recordTransfer(.deadLettered, slot, to: target, id) else { return }
            recorder.put(death.cause.rawValue)
            recorder.put(expiry(in: queue(target)))
            recorder.put(plan.slice(death.origin))
        case .redriven(let slot): _ = recordHead(.redriven, slot)
        case .moved(let slot, let target, let id):
            guard recordTransfer(.moved, slot, to: target, id) else { return }
            recorder.put(expiry(in: queue(target)))
        case .removed(let slot, _, _): _ = recordHead(.removed, slot)
        case .trimmed: break  // Each message that goes is recorded as it goes.
        case .declared, .dropped, .paused, .bound, .unbound: recordQueueChange(change)
        }
    }

    private func recordQueueChange(_ change: Change) {
        switch change {
        case .declared(let number):
            let declaration = plan.declarations[number]
            state(queue(declaration.queue), declaration.settings)
        case .dropped(let index):
            let queue = queue(index)
            mention(queue)
            recorder.put(.dropped)
            recorder.put(queue.number)
        case .paused(let index, let send, let receive): state(queue(index), paused: (send, receive))
        case .bound(let number): record(.bound, plan.bindings[number])
        case .unbound(let number): record(.unbound, plan.bindings[number])
        default: preconditionFailure("the other changes are about messages")
        }
    }

    private func record(_ kind: RecordKind, _ binding: Plan.Binding) {
        let queue = queue(binding.queue)
        record(kind, binding.pattern, of: queue)
        if queue.boundFrom == 0 { queue.boundFrom = segments.current }
    }

    /// A binding comes or goes.
    func record(_ kind: RecordKind, _ pattern: String, of queue: Queue) {
        mention(queue)
        recorder.put(kind)
        recorder.put(queue.number)
        recorder.put(text: pattern)
    }

    // MARK: Messages

    private func recordSent(_ new: Change.NewMessage) { withQueue(new.queue) { record(new, sentTo: $0) } }

    @inline(__always)
    private func record(_ new: Change.NewMessage, sentTo queue: Queue) {
        mention(queue)
        let repeats = recorder.repeats(new.body)
        var flags: SentFlags = []
        if new.readyAt != 0 { flags.insert(.readyAt) }
        if new.expiresAt != 0 { flags.insert(.expiresAt) }
        if new.members.count > 0 { flags.insert(.members) }
        if new.group.count > 0 { flags.insert(.group) }
        if new.dedup.count > 0 { flags.insert(.dedup) }
        recorder.put(repeats ? .sentAgain : .sent, queue: queue.number, id: new.id)
        recorder.put(UInt16(new.priority) | UInt16(flags.rawValue) << 8)
        if !flags.isEmpty {
            if new.readyAt != 0 { recorder.put(wall(new.readyAt)) }
            if new.expiresAt != 0 { recorder.put(new.expiresAt) }
            if new.members.count > 0 { recorder.put(plan.slice(new.members)) }
            if new.group.count > 0 { recorder.put(new.group) }
            if new.dedup.count > 0 { recorder.put(new.dedup) }
        }
        if !repeats { recorder.put(new.body) }
    }

    /// Begins a record about a message; false if nothing is to be recorded: its queue was dropped as a whole.
    private func recordHead(_ kind: RecordKind, _ slot: UInt32) -> Bool {
        withQueue(store[slot].queue) { queue in
            guard !queue.isHidden else { return false }
            mention(queue)
            recorder.put(kind, queue: queue.number, id: store[slot].id)
            return true
        }
    }

    private func recordTransfer(_ kind: RecordKind, _ slot: UInt32, to index: UInt32, _ id: Int) -> Bool {
        let target = queue(index)
        mention(target)
        guard recordHead(kind, slot) else { return false }
        recorder.put(target.number)
        recorder.put(id)
        return true
    }

    /// A message goes as one of many that a change takes away.
    func recordRemoval(of slot: UInt32) {
        if recorder.isOn { _ = recordHead(.removed, slot) }
    }

    /// How a message has ended, for its queue's history.
    func record(_ ended: HistoryRecord, in queue: Queue) {
        guard recorder.isOn, !queue.isHidden else { return }
        mention(queue)
        recorder.put(.ended, queue: queue.number, id: ended.id)
        recorder.put(ended.sentAt)
        recorder.put(ended.endedAt)
        recorder.put(ended.outcome.code)
        recorder.put(UInt32(ended.attempts))
        recorder.put(ended.number)
        recorder.put(text: ended.producer)
        recorder.put(text: ended.consumer)
    }

    // MARK: Queues

    /// Sees to it that the queue is stated in this segment before a record names it.
    @inline(__always)
    func mention(_ queue: Queue) {
        if queue.statedIn != segments.current { state(queue) }
    }

    /// States what a queue is, but for its messages, bindings, dedup keys and history.
    func state(
        _ queue: Queue,
        _ settings: QueueSettings? = nil,
        paused: (send: Bool, receive: Bool)? = nil
    ) {
        queue.statedIn = segments.current
        var flags: QueueFlags = []
        if queue.isAutoCreated { flags.insert(.autoCreated) }
        if paused?.send ?? queue.sendIsPaused { flags.insert(.sendIsPaused) }
        if paused?.receive ?? queue.receiveIsPaused { flags.insert(.receiveIsPaused) }
        recorder.put(.queueStated)
        recorder.put(queue.number)
        recorder.put(flags.rawValue)
        recorder.put(queue.lastID)
        recorder.put(text: queue.name)
        recorder.put(settings ?? queue.settings)
    }

    // MARK: Instants

    /// A monotonic millisecond by the wall clock.
    func wall(_ monotonic: Int) -> Int { monotonic - now.monotonic + now.wall }

    /// When a message that comes to a queue now from another one expires, by the wall clock; 0 for never.
    func expiry(in queue: Queue) -> Int { queue.settings.ttl == 0 ? 0 : now.wall + queue.settings.ttl }
}
