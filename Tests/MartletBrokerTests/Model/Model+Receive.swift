// `receive`, `subscribe`, `unsubscribe`, and who waits for what.
extension Model {
    /// The members of the reply; nil if the receive waits.
    mutating func receive(
        _ names: [String],
        max: Int,
        wait: Int,
        _ terms: DeliveryTerms,
        from peer: Int,
        tag: Int?
    ) throws(ModelFailure) -> String? {
        let created = Set(names.filter { index(of: $0) == nil })
        for name in names { _ = try forUse(name) }
        guard names.contains(where: { !isPaused($0) }) else { throw ModelFailure("paused") }
        var delivered: [String] = []
        for name in names {
            while delivered.count < max, let index = index(of: name), let message = takeNext(from: name) {
                delivered.append(deliver(message, in: index, terms, to: peer, consumer: nil))
                noteMoment()
                if !created.isEmpty { noteMoment(before: created) }
            }
        }
        if !delivered.isEmpty || wait == 0 { return ",\"messages\":[\(delivered.joined(separator: ","))]" }
        guard consumers.filter({ !$0.isSubscription }).count < limits.waitingReceivers else {
            throw ModelFailure("too_many")
        }
        let number = (peers[peer]?.lastReply ?? 0) + 1
        peers[peer]?.lastReply = number
        peers[peer]?.replies.append(ModelPeer.Reply(number: number, text: nil))
        let consumer = ModelConsumer(
            id: nextConsumer(),
            peer: peer,
            isSubscription: false,
            number: number,
            queues: names,
            max: max,
            credit: 0,
            terms: terms,
            tag: tag,
            timer: ModelTimer(deadline: now + wait, armed: nextEvent())
        )
        consumers.append(consumer)
        stepIn(consumer.id)
        return nil
    }

    private func isPaused(_ name: String) -> Bool { index(of: name).map { queues[$0].receiveIsPaused } ?? false }

    mutating func subscribe(
        _ names: [String],
        credit: Int,
        _ terms: DeliveryTerms,
        from peer: Int
    ) throws(ModelFailure) -> String {
        guard (peers[peer]?.subscriptions ?? 0) < limits.subscriptions else { throw ModelFailure("too_many") }
        for name in names { _ = try forUse(name) }
        let number = (peers[peer]?.lastSubscription ?? 0) + 1
        peers[peer]?.lastSubscription = number
        peers[peer]?.subscriptions += 1
        let consumer = ModelConsumer(
            id: nextConsumer(),
            peer: peer,
            isSubscription: true,
            number: number,
            queues: names,
            max: 1,
            credit: credit,
            terms: terms,
            tag: nil
        )
        consumers.append(consumer)
        stepIn(consumer.id)
        return ",\"subscription\":\(number)"
    }

    mutating func unsubscribe(_ number: Int, from peer: Int) throws(ModelFailure) -> String {
        guard let found = consumers.first(where: { $0.isSubscription && $0.peer == peer && $0.number == number }) else {
            throw ModelFailure("bad_request")
        }
        forgetCredit(of: found.id)
        remove(found.id)
        return ""
    }

    // MARK: Lines

    /// Puts a consumer at the end of the lines of its queues in which it does not stand.
    mutating func stepIn(_ id: Int) {
        guard let consumer = consumers.first(where: { $0.id == id }), consumer.isHungry else { return }
        for name in consumer.queues {
            guard let index = index(of: name) else { continue }
            if !queues[index].line.contains(id) { queues[index].line.append(id) }
            wake(name)
        }
    }

    mutating func stepOut(_ id: Int) {
        for index in queues.indices { queues[index].line.removeAll { $0 == id } }
    }

    /// A consumer is no more; what it has leased stays leased.
    mutating func remove(_ id: Int) {
        stepOut(id)
        guard let place = consumers.firstIndex(where: { $0.id == id }) else { return }
        let consumer = consumers.remove(at: place)
        for name in consumer.queues {
            if let index = index(of: name) { queues[index].lastUsed = now }
        }
        if consumer.isSubscription { peers[consumer.peer]?.subscriptions -= 1 }
    }

    /// Its leases stay, but nobody waits for their credit any more.
    mutating func forgetCredit(of id: Int) {
        for index in queues.indices {
            for place in queues[index].messages.indices {
                guard var lease = queues[index].messages[place].lease, lease.consumer == id else { continue }
                lease.consumer = nil
                queues[index].messages[place].state = .leased(lease)
            }
        }
    }

    /// Consumers lose a queue that goes; those that have no other are told: by connection, then by age.
    mutating func dismissConsumers(of name: String) {
        for peer in peers.keys.sorted() {
            for consumer in consumers where consumer.peer == peer && consumer.queues.contains(name) {
                guard let place = consumers.firstIndex(where: { $0.id == consumer.id }) else { continue }
                consumers[place].queues.removeAll { $0 == name }
                if let index = index(of: name) { queues[index].line.removeAll { $0 == consumer.id } }
                if !consumers[place].queues.isEmpty { continue }
                if consumer.isSubscription {
                    emit("{\"event\":\"ended\",\"subscription\":\(consumer.number),\"queue\":\"\(name)\"}", to: peer)
                    forgetCredit(of: consumer.id)
                } else {
                    let head = consumer.tag.map { ",\"tag\":\($0)" } ?? ""
                    answer(consumer.number, of: peer, "{\"ok\":false\(head),\"error\":\"no_queue\"}")
                }
                remove(consumer.id)
            }
        }
    }
}
