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
        let readyAt = rest == 0 ? 0 : now.monotonic + rest
        plan.changes.append(.returned(message: slot, readyAt: readyAt, counts: counts))
    }

    /// Decides where a message goes that is dead: to its queue's `dead_letter`, if that can take it, else it stays.
    ///
    /// A message does not go to a queue in which it has died before: a chain of dead-letter queues that loops ends.
    func planDeath(of slot: UInt32, _ cause: Change.Death.Cause, reason: String, by session: UInt32) {
        let queue = queue(store[slot].queue)
        let death = Change.Death(cause: cause, origin: origin(of: slot, in: queue, reason), session: session)
        guard let name = queue.settings.deadLetter, name != queue.name,
            let target = try? queueForUse(name), !store.envelope(of: slot).hops.contains(target.number),
            hasRoomForDead(slot, in: target)
        else {
            return plan.changes.append(.died(message: slot, death))
        }
        let id = planMessage(in: target, bytes: store.payload(of: slot).count)
        plan.changes.append(.deadLettered(message: slot, to: target.index, id: id, death))
        if target.settings.overflow == .dropOldest { plan.changes.append(.trimmed(queue: target.index)) }
    }

    /// A dead-letter queue that is full and rejects leaves the message where it is: it is never dropped.
    private func hasRoomForDead(_ slot: UInt32, in target: Queue) -> Bool {
        (try? checkRoom(in: target, for: 1, bytes: store.payload(of: slot).count)) != nil
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
    func planMessage(in queue: Queue, bytes: Int) -> Int {
        use(queue)
        queue.planned.ids += 1
        queue.planned.count += 1
        queue.planned.bytes += bytes
        plan.addedBytes += bytes + MessageStore.overhead
        return queue.lastID + queue.planned.ids
    }

    /// A message will be gone once the plan is carried out.
    func planRemoval(of slot: UInt32, from queue: Queue) {
        use(queue)
        queue.planned.count -= 1
        queue.planned.bytes -= store.payload(of: slot).count
    }

    private func use(_ queue: Queue) {
        guard !queue.planned.isInUse else { return }
        queue.planned.isInUse = true
        plan.queues.append(queue)
    }

    /// Whether `count` more messages with so many payload bytes are within the queue's limits, or can be made so.
    func checkRoom(in queue: Queue, for count: Int, bytes: Int) throws(Failure) {
        let settings = queue.settings
        guard settings.maxMessages > 0 || settings.maxBytes > 0 else { return }
        // With `drop_oldest` everything that is not leased can make room, but what is leased stays.
        let drops = settings.overflow == .dropOldest
        let kept = drops ? queue.leased : queue.limitedCount + queue.planned.count
        let keptBytes = drops ? bytesLeased(in: queue) : queue.bytes + queue.planned.bytes
        let newest = drops ? 1 : count
        if settings.maxMessages > 0, kept + newest > settings.maxMessages {
            throw Failure(
                .queueFull,
                "\(queue.name) holds \(queue.limitedCount) of at most \(settings.maxMessages) messages"
            )
        }
        if settings.maxBytes > 0, keptBytes + bytes / max(1, drops ? count : 1) > settings.maxBytes {
            throw Failure(.queueFull, "\(queue.name) holds \(queue.bytes) of at most \(settings.maxBytes) bytes")
        }
    }

    private func bytesLeased(in queue: Queue) -> Int {
        guard queue.settings.maxBytes > 0 else { return 0 }
        return queue.messages(.leased, atMost: .max, in: store).reduce(0) { $0 + store.payload(of: $1).count }
    }

    /// Whether the broker's memory allows for what the plan adds and `bytes` more.
    func checkMemory(adding bytes: Int) throws(Failure) {
        let limit = settings.limits.memoryLimit
        guard limit > 0, memoryInUse + plan.addedBytes + bytes > limit else { return }
        throw Failure(.memoryFull, "messages take \(memoryInUse) of at most \(limit) bytes; receive and delete go on")
    }

    /// What messages and queues take: the measure of the memory limit.
    var memoryInUse: Int { store.liveBytes + queues.count * Queue.size + dedupEntries * DedupTable.entrySize }
}
