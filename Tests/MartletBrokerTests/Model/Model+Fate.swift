// What becomes of messages: they come back, die, move, or leave for good.
extension Model {
    /// A lease ends without the message being settled.
    /// - Parameter delay: milliseconds; nil for what the queue's `retry_delay` says.
    mutating func comeBack(_ place: Int, in index: Int, delay: Int?, counts: Bool, by peer: Int?) {
        let settings = queues[index].settings
        let attempts = queues[index].messages[place].attempts
        if counts, settings.maxAttempts > 0, attempts >= settings.maxAttempts {
            return die(place, in: index, "rejected", reason: "max_attempts", by: peer)
        }
        endLease(of: place, in: index)
        if !counts { queues[index].messages[place].attempts -= 1 }
        let rest = delay ?? (counts ? settings.retryDelay(afterAttempts: attempts) : 0)
        put(place, in: index, rest > 0 ? .delayed(until: now + rest) : .ready)
        wake(queues[index].name)
    }

    mutating func put(_ place: Int, in index: Int, _ state: ModelMessage.State) {
        queues[index].messages[place].state = state
        queues[index].messages[place].since = nextEvent()
        queues[index].messages[place].armed = nextEvent()
        if state == .ready { wake(queues[index].name) }
    }

    /// Gives its credit back, if it uses any.
    private mutating func endLease(of place: Int, in index: Int) {
        guard let lease = queues[index].messages[place].lease else { return }
        guard let id = lease.consumer, let consumer = consumers.firstIndex(where: { $0.id == id }) else { return }
        consumers[consumer].credit += 1
        if consumers[consumer].credit == 1 { stepIn(id) }
    }

    /// A message is dead: it goes to the queue's `dead_letter` if that can take it, else it stays.
    ///
    /// It goes to no queue in which it has died before, and to none that is full and does not make room.
    mutating func die(_ place: Int, in index: Int, _ outcome: String, reason: String, by peer: Int?) {
        let queue = queues[index]
        var dead = queue.messages[place]
        dead.origin = "{\"queue\":\"\(queue.name)\",\"id\":\(dead.id),\"reason\":\"\(reason)\"}"
        dead.deaths.insert(queue.birth)
        dead.expiresAt = nil
        let target = deadLetter(for: dead, of: queue, diedBefore: queue.messages[place].deaths)
        if dead.lease != nil {
            endLease(of: place, in: index)
            wake(queue.name)
        }
        if dead.draft.group != nil { wake(queue.name) }
        record(place, in: index, outcome, by: peer)
        queues[index].deadLettered += 1
        if outcome == "expired" { queues[index].expired += 1 }
        queues[index].messages[place] = dead
        if let target {
            move(place, from: index, to: target)
            overflow(target)
        } else {
            put(place, in: index, .dead)
        }
    }

    private mutating func deadLetter(
        for message: ModelMessage,
        of queue: ModelQueue,
        diedBefore deaths: Set<Int>
    ) -> Int? {
        guard let name = queue.settings.deadLetter, name != queue.name else { return nil }
        do throws(ModelFailure) {
            let target = try forUse(name)
            guard !deaths.contains(queues[target].birth) else { return nil }
            return queues[target].hasRoom(forBytes: message.storedBytes) ? target : nil
        } catch {
            return nil
        }
    }

    /// A dead message becomes a new one of another queue, with a new id and no attempts.
    mutating func move(_ place: Int, from index: Int, to target: Int) {
        var message = queues[index].messages.remove(at: place)
        queues[index].lastUsed = now
        message.id = queues[target].lastID + 1
        message.attempts = 0
        message.state = .ready
        let ttl = queues[target].settings.ttl
        message.expiresAt = ttl == 0 ? nil : now + ttl
        insert(message, into: target)
    }

    /// A message leaves its queue for good.
    mutating func end(_ place: Int, in index: Int, _ outcome: String, by peer: Int?) {
        if !queues[index].messages[place].isDead { record(place, in: index, outcome, by: peer) }
        endLease(of: place, in: index)
        if queues[index].messages[place].draft.group != nil { wake(queues[index].name) }
        queues[index].messages.remove(at: place)
        queues[index].lastUsed = now
    }

    private mutating func record(_ place: Int, in index: Int, _ outcome: String, by peer: Int?) {
        let limit = queues[index].settings.history
        guard limit > 0 else { return }
        let message = queues[index].messages[place]
        queues[index].history.append(
            ModelRecord(
                id: message.id,
                producer: message.producer,
                consumer: peer.flatMap { peers[$0]?.name },
                sentAt: message.sentAt,
                endedAt: now,
                outcome: outcome,
                attempts: message.attempts
            )
        )
        queues[index].history = Array(queues[index].history.suffix(limit))
    }

    mutating func purge(_ index: Int, where isMeant: (ModelMessage) -> Bool) {
        for message in queues[index].messages where isMeant(message) {
            guard let place = queues[index].index(of: message.id) else { continue }
            queues[index].dropped += 1
            end(place, in: index, "dropped", by: nil)
        }
        wake(queues[index].name)
    }

    mutating func expire(_ place: Int, in index: Int) {
        if queues[index].settings.expiredDie {
            die(place, in: index, "expired", reason: "expired", by: nil)
        } else {
            queues[index].expired += 1
            end(place, in: index, "expired", by: nil)
        }
    }
}
