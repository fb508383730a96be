// Handing messages over to those who wait.
extension Model {
    /// Notes that there may be something to hand over.
    mutating func wake(_ name: String) {
        guard let index = index(of: name), !queues[index].line.isEmpty, !woken.contains(name) else { return }
        woken.append(name)
    }

    /// A lease that cannot be recorded is not given.
    mutating func dispatchWoken() {
        guard journalHasRoom else { return }
        while !woken.isEmpty {
            let name = woken.removeFirst()
            dispatch(name)
        }
    }

    /// As long as a message may leave and a consumer waits, the first in line gets it.
    private mutating func dispatch(_ name: String) {
        while let index = index(of: name), let first = queues[index].line.first {
            guard let consumer = consumers.first(where: { $0.id == first }) else { return }
            guard mayGive(name) else { return armRate(of: index) }
            if consumer.isSubscription {
                guard let message = takeNext(from: name) else { return armRate(of: index) }
                push(message, in: index, to: consumer)
            } else {
                serveThose(before: consumer)
                // Somebody else's turn may have been this one's as well.
                guard self.index(of: name).map({ queues[$0].line.first }) == first else { continue }
                guard hand(to: consumer) else { return armRate(of: index) }
            }
            noteMoment()
        }
    }

    /// Whoever stands ahead of a receive in one of its queues, and can be served, goes first.
    private mutating func serveThose(before consumer: ModelConsumer) {
        while let name = consumer.queues.first(where: { mayGive($0) && isBehind(consumer, in: $0) }) { dispatch(name) }
    }

    private func isBehind(_ consumer: ModelConsumer, in name: String) -> Bool {
        index(of: name).map { queues[$0].line.dropFirst().contains(consumer.id) } ?? false
    }

    private func isFirst(_ consumer: ModelConsumer, in name: String) -> Bool {
        index(of: name).map { queues[$0].line.first } == consumer.id
    }

    /// Whether the queue has a message that may leave now.
    private func mayGive(_ name: String) -> Bool {
        guard let index = index(of: name), !queues[index].receiveIsPaused else { return false }
        var queue = queues[index]
        return !queue.deliverable.isEmpty && (queue.settings.rate == 0 || queue.takeToken(now: now))
    }

    /// The id of the message that leaves next, if one may; it uses up what `rate` allows.
    mutating func takeNext(from name: String) -> Int? {
        guard let index = index(of: name), !queues[index].receiveIsPaused else { return nil }
        while let next = queues[index].deliverable.first {
            if let expiresAt = next.expiresAt, expiresAt <= now, let place = queues[index].index(of: next.id) {
                expire(place, in: index)
                noteMoment()
                continue
            }
            guard queues[index].settings.rate > 0 else { return next.id }
            return queues[index].takeToken(now: now) ? next.id : nil
        }
        return nil
    }

    private mutating func armRate(of index: Int) {
        let queue = queues[index]
        guard queue.settings.rate > 0, !queue.receiveIsPaused, !queue.deliverable.isEmpty else { return }
        let deadline = max(queues[index].nextToken(now: now), now + 1)
        guard queue.rateTimer?.deadline != deadline else { return }
        queues[index].rateTimer = ModelTimer(deadline: deadline, armed: nextEvent())
    }

    // MARK: Handing over

    /// Leases a message, or deletes it with `auto_delete`, and tells how it is delivered.
    mutating func deliver(
        _ id: Int,
        in index: Int,
        _ terms: DeliveryTerms,
        to peer: Int,
        consumer: Int?
    ) -> String {
        guard let place = queues[index].index(of: id) else { return "" }
        queues[index].received += 1
        if queues[index].messages[place].attempts > 0 { queues[index].redelivered += 1 }
        queues[index].messages[place].attempts += 1
        let message = queues[index].messages[place]
        let queue = terms.namesQueue ? queues[index].name : nil
        if terms.autoDelete {
            queues[index].deleted += 1
            end(place, in: index, "deleted", by: peer)
            return text(of: message, lease: nil, queue: queue)
        }
        leaseCount += 1
        let lease = ModelLease(
            number: leaseCount,
            peer: peer,
            consumer: consumer,
            keep: terms.keep,
            until: now + (terms.lease ?? queues[index].settings.lease)
        )
        put(place, in: index, .leased(lease))
        return text(of: message, lease: leaseCount, queue: queue)
    }

    /// Answers a waiting receive with what its queues have for it, in its order, where it is the first in line.
    /// Returns whether there was anything.
    private mutating func hand(to consumer: ModelConsumer) -> Bool {
        var delivered: [String] = []
        for name in consumer.queues {
            while delivered.count < consumer.max, isFirst(consumer, in: name), let index = index(of: name),
                let message = takeNext(from: name)
            {
                delivered.append(deliver(message, in: index, consumer.terms, to: consumer.peer, consumer: nil))
                noteMoment()
            }
        }
        if delivered.isEmpty { return false }
        // What it leaves is for those behind it.
        for name in consumer.queues where isFirst(consumer, in: name) {
            if let index = index(of: name), !queues[index].deliverable.isEmpty { wake(name) }
        }
        let head = consumer.tag.map { ",\"tag\":\($0)" } ?? ""
        let text = "{\"ok\":true\(head),\"messages\":[\(delivered.joined(separator: ","))]}"
        remove(consumer.id)
        answer(consumer.number, of: consumer.peer, text)
        return true
    }

    /// Pushes a message to a subscription, which goes to the end of the line.
    private mutating func push(_ id: Int, in index: Int, to consumer: ModelConsumer) {
        queues[index].line.removeFirst()
        queues[index].line.append(consumer.id)
        let uses = consumer.terms.autoDelete ? nil : consumer.id
        let text = deliver(id, in: index, consumer.terms, to: consumer.peer, consumer: uses)
        emit("{\"event\":\"message\",\"subscription\":\(consumer.number),\(text.dropFirst())", to: consumer.peer)
        guard uses != nil, let place = consumers.firstIndex(where: { $0.id == consumer.id }) else { return }
        consumers[place].credit -= 1
        if consumers[place].credit == 0 { stepOut(consumer.id) }
    }

    /// A message as it is delivered or shown.
    func text(of message: ModelMessage, lease: Int?, queue: String?, state: String? = nil) -> String {
        var text = "{\"id\":\(message.id)"
        if let queue { text += ",\"queue\":\"\(queue)\"" }
        if let lease { text += ",\"receipt\":\"\(message.id).#\(lease)\"" }
        text += ",\"attempt\":\(message.attempts),\"sent_at\":\(message.sentAt)"
        if let priority = message.draft.priority, priority != 4 { text += ",\"priority\":\(priority)" }
        if let expiresAt = message.expiresAt { text += ",\"expires_at\":\(expiresAt)" }
        if let state { text += ",\"state\":\"\(state)\"" }
        return text + message.members + ",\"body\":\(message.draft.body)}"
    }
}
