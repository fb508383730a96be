import MartletProtocol

// What becomes of a message whose delivery has failed: ready again, later, or dead, here or in another queue.
extension Broker {
    /// Decides what becomes of a leased message that comes back.
    ///
    /// - Parameters:
    ///   - delay: milliseconds; nil for what the queue's `retry_delay` says.
    ///   - counts: whether the delivery counts towards `max_attempts`.
    func planReturn(of slot: UInt32, delay: Int?, counts: Bool, by session: UInt32) {
        let settings = queue(store[slot].queue).settings
        let attempts = Int(store[slot].attempts)
        if counts, settings.maxAttempts > 0, attempts >= settings.maxAttempts {
            return planDeath(of: slot, .attempts, reason: "max_attempts", by: session)
        }
        let rest = delay ?? (counts ? settings.retryDelay.delay(afterAttempts: attempts) : 0)
        planFate(of: slot, .state(rest == 0 ? .ready : .delayed))
        let readyAt = rest == 0 ? 0 : now.monotonic + rest
        plan.changes.append(.returned(message: slot, readyAt: readyAt, counts: counts))
    }

    /// Decides where a message goes that is dead: to its queue's `dead_letter`, if that can take it, else it stays.
    ///
    /// A message does not go to a queue in which it has died before: a chain of dead-letter queues that loops ends.
    func planDeath(of slot: UInt32, _ cause: Change.Death.Cause, reason: String, by session: UInt32) {
        let queue = queue(store[slot].queue)
        let death = Change.Death(cause: cause, origin: origin(of: slot, in: queue, reason), session: session)
        let size = sizeOfDead(slot, death, in: queue)
        guard !queue.isHidden, let name = queue.settings.deadLetter, name != queue.name,
            let target = try? queueForUse(name), !store.envelope(of: slot).hops.contains(target.number),
            fits(in: target, bytes: size)
        else {
            planFate(of: slot, .state(.dead))
            return plan.changes.append(.died(message: slot, death))
        }
        planFate(of: slot, .gone)
        let id = planMessage(in: target, bytes: size)
        plan.changes.append(.deadLettered(message: slot, to: target.index, id: id, death))
        planOverflow(of: target)
    }

    /// A dead-letter queue that is full and rejects leaves the message where it is: it is never dropped.
    func fits(in target: Queue, messages: Int = 1, bytes: Int) -> Bool {
        (try? checkLimits(of: target, messages: messages, bytes: bytes)) != nil
    }

    /// The payload bytes of a message once it has died.
    private func sizeOfDead(_ slot: UInt32, _ death: Change.Death, in queue: Queue) -> Int {
        let envelope = store.envelope(of: slot)
        let hops = envelope.hops.count + (envelope.hops.contains(queue.number) ? 0 : 1)
        return Envelope.size(hops: hops, text: death.origin.count + envelope.members.count)
            + store.shown(of: slot).body.count
    }

    /// Notes where a message will be, for the later parts of a plan that has several.
    @inline(__always)
    func planFate(of slot: UInt32, _ fate: Plan.Fate) {
        if plan.isCompound { note(fate, of: slot) }
    }

    private func note(_ fate: Plan.Fate, of slot: UInt32) {
        let queue = queue(store[slot].queue)
        let bytes = store.payload(of: slot).count
        let before = plan.fates.updateValue(fate, forKey: slot) ?? .state(store[slot].state)
        use(queue)
        let living = (fate.isLiving ? 1 : 0) - (before.isLiving ? 1 : 0)
        queue.planned.count += living
        queue.planned.bytes += living * bytes
        let leased = (fate.isLeased ? 1 : 0) - (before.isLeased ? 1 : 0)
        queue.planned.leased += leased
        queue.planned.leasedBytes += leased * bytes
    }

    /// `,"origin":{"queue":…,"id":…,"reason":…}` in the plan's text.
    private func origin(of slot: UInt32, in queue: Queue, _ reason: String) -> Change.TextRange {
        let start = plan.text.count
        plan.text.append(",\"origin\":{\"queue\":\"")
        plan.text.append(text: queue.name)
        plan.text.append("\",\"id\":")
        plan.text.append(integer: store[slot].id)
        plan.text.append(",\"reason\":")
        plan.text.append(quoted: reason)
        plan.text.append("}")
        return Change.TextRange(offset: start, count: plan.text.count - start)
    }

    // MARK: Room

    /// Gives out the next id of a queue to a message that is to be sent.
    @inline(__always)
    func planMessage(in queue: Queue, bytes: Int, keys: Int = 0) -> Int {
        plan.addedBytes += bytes + MessageStore.overhead
        plan.addedKeyBytes += keys
        // The only message of a plan need not be counted for those behind it.
        guard plan.isCompound else { return queue.lastID + 1 }
        use(queue)
        queue.planned.ids += 1
        queue.planned.count += 1
        queue.planned.bytes += bytes
        return queue.lastID + queue.planned.ids
    }

    /// A queue that gets a message drops its oldest ones, if that is how it overflows, once the whole plan is done.
    @inline(__always)
    func planOverflow(of queue: Queue) {
        guard queue.settings.overflow == .dropOldest else { return }
        use(queue)
        guard !queue.planned.overflows else { return }
        queue.planned.overflows = true
        plan.overflowing.append(queue.index)
    }

    private func use(_ queue: Queue) {
        guard !queue.planned.isInUse else { return }
        queue.planned.isInUse = true
        plan.queues.append(queue)
    }

    /// Whether so many more messages with so many payload bytes are within the queue's limits, or can be made so.
    @inline(__always)
    func checkLimits(of queue: Queue, messages: Int = 1, bytes: Int) throws(Failure) {
        guard queue.settings.maxMessages > 0 || queue.settings.maxBytes > 0 else { return }
        try checkLimitsInForce(of: queue, messages, bytes)
    }

    private func checkLimitsInForce(of queue: Queue, _ count: Int, _ bytes: Int) throws(Failure) {
        let settings = queue.settings
        // With `drop_oldest` everything that is not leased can make room, but what is leased stays.
        let drops = settings.overflow == .dropOldest
        let kept =
            drops ? queue.leased + queue.planned.leased : queue.limitedCount + queue.planned.count
        let keptBytes =
            drops ? bytesLeased(in: queue) + queue.planned.leasedBytes : queue.limitedBytes + queue.planned.bytes
        if settings.maxMessages > 0, kept + count > settings.maxMessages {
            throw refuseOverflow(of: queue, messages: max(count, queue.planned.count + count))
        }
        if settings.maxBytes > 0, keptBytes + bytes > settings.maxBytes {
            throw refuseOverflow(of: queue, bytes: max(bytes, queue.planned.bytes + bytes))
        }
    }

    /// - Parameter count: the messages that do not fit, with those that the request brings before them.
    func refuseOverflow(of queue: Queue, messages count: Int) -> Failure {
        let leased = queue.settings.overflow == .dropOldest ? queue.leased : nil
        let maximum = queue.settings.maxMessages
        return overflow(of: queue, holding: queue.limitedCount, leased, maximum: maximum, "message", count)
    }

    /// - Parameter count: the bytes that do not fit, with those that the request brings before them.
    func refuseOverflow(of queue: Queue, bytes count: Int) -> Failure {
        let leased = queue.settings.overflow == .dropOldest ? bytesLeased(in: queue) : nil
        return overflow(of: queue, holding: queue.limitedBytes, leased, maximum: queue.settings.maxBytes, "byte", count)
    }

    /// - Parameter leased: how much of what is held cannot be dropped; nil where nothing can.
    private func overflow(
        of queue: Queue,
        holding held: Int,
        _ leased: Int?,
        maximum: Int,
        _ noun: String,
        _ count: Int
    ) -> Failure {
        let use = "\(held) of at most \(maximum.counted(noun))" + (leased.map { ", \($0) of them leased" } ?? "")
        let rest = "\(count) more \(count == 1 ? "does" : "do") not fit"
        return Failure(.queueFull, "\(queue.name) holds \(use), and \(rest)")
    }

    private func bytesLeased(in queue: Queue) -> Int {
        guard queue.settings.maxBytes > 0 else { return 0 }
        if queue.leasedBytes == nil {
            queue.leasedBytes = queue.messages(.leased, atMost: .max, in: store)
                .reduce(0) { $0 + store.payload(of: $1).count }
        }
        return queue.leasedBytes ?? 0
    }

    /// Whether the broker's memory allows for what the plan adds and `bytes` more, and the journal for that and `keys`.
    @inline(__always)
    func checkMemory(adding bytes: Int, keys: Int = 0) throws(Failure) {
        // What takes so many bytes in memory takes no more in the journal, but for names of groups and dedup keys.
        let recorded = plan.addedBytes + plan.addedKeyBytes + bytes + keys + recorder.buffer.count
        if recorded > journal.roomForNew { throw tooMuchAtOnce }
        let limit = settings.limits.memoryLimit
        guard limit > 0, memoryInUse + plan.addedBytes + bytes > limit else { return }
        throw refuseForMemory(adding: plan.addedBytes + bytes)
    }

    @inline(never)
    private func refuseForMemory(adding bytes: Int) -> Failure {
        let limit = settings.limits.memoryLimit
        let sentence = "messages take \(memoryInUse) of at most \(limit) bytes, and \(bytes) more do not fit"
        return Failure(.memoryFull, sentence + "; receive and delete go on")
    }

    /// What messages and queues take: the measure of the memory limit.
    var memoryInUse: Int { store.liveBytes + queues.count * Queue.size + dedupEntries * DedupTable.entrySize }
}
