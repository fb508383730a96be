// `send` and `publish`.
extension Model {
    mutating func send(
        _ drafts: [Draft],
        _ isBatch: Bool,
        to name: String,
        from peer: Int
    ) throws(ModelFailure) -> String {
        if isBatch, drafts.count > limits.batch { throw ModelFailure("too_many") }
        let index = try forUse(name)
        var ids: [Int] = []
        var suffix = ""
        for draft in drafts {
            if let (id, state) = try duplicate(of: draft, in: index) {
                ids.append(id)
                suffix = ",\"duplicate\":true,\"state\":\"\(state)\""
            } else {
                ids.append(try add(draft, topic: nil, to: index, from: peer))
            }
        }
        if isBatch { return ",\"ids\":[\(ids.map(String.init).joined(separator: ","))]" }
        return ",\"id\":\(ids[0])\(suffix)"
    }

    /// The message that had the same `dedup` within the window, and what has become of it.
    private func duplicate(of draft: Draft, in index: Int) throws(ModelFailure) -> (id: Int, state: String)? {
        let queue = queues[index]
        guard !queue.sendIsPaused else { throw ModelFailure("paused") }
        guard let key = draft.dedup,
            let seen = queue.dedup.last(where: { $0.key == key && $0.seenAt + queue.settings.dedupWindow > now })
        else { return nil }
        return (seen.id, queue.index(of: seen.id).map { queue.messages[$0].state.name } ?? "gone")
    }

    private mutating func add(
        _ draft: Draft,
        topic: String?,
        to index: Int,
        from peer: Int
    ) throws(ModelFailure) -> Int {
        try checkJournalTakesMore()
        let ttl = draft.ttl ?? queues[index].settings.ttl
        var message = ModelMessage(
            id: queues[index].lastID + 1,
            sentAt: now,
            draft: draft,
            producer: peers[peer]?.name,
            topic: topic,
            expiresAt: ttl == 0 ? nil : now + ttl
        )
        guard queues[index].hasRoom(forBytes: message.storedBytes) else { throw ModelFailure("queue_full") }
        let readyAt = draft.delay.map { now + $0 } ?? draft.at ?? now
        if readyAt > now { message.state = .delayed(until: readyAt) }
        if let key = draft.dedup { queues[index].dedup.append((key, message.id, now)) }
        insert(message, into: index)
        overflow(index)
        return message.id
    }

    /// A new message, with its id, comes into a queue.
    mutating func insert(_ message: ModelMessage, into index: Int) {
        var message = message
        message.since = nextEvent()
        message.armed = nextEvent()
        queues[index].lastID = message.id
        queues[index].sent += 1
        queues[index].messages.append(message)
        if message.state == .ready { wake(queues[index].name) }
    }

    /// Drops the oldest messages of a queue that a new one has filled, if that is how it overflows.
    mutating func overflow(_ index: Int) {
        guard queues[index].settings.dropsOldest else { return }
        if trimsLater { toTrim.append(queues[index].name) } else { trim(queues[index].name) }
    }

    mutating func trim(_ name: String) {
        guard let index = index(of: name) else { return }
        while queues[index].isOverLimits,
            let oldest = queues[index].messages.firstIndex(where: { $0.state == .ready || $0.isDelayed })
        {
            queues[index].dropped += 1
            end(oldest, in: index, "dropped", by: nil)
        }
    }

    // MARK: Topics

    mutating func publish(
        _ draft: Draft,
        _ topic: String,
        _ mandatory: Bool,
        from peer: Int
    ) throws(ModelFailure) -> String {
        let wasLater = trimsLater
        trimsLater = true
        let bound = queues.filter { queue in
            queue.patterns.contains { Self.matches(topic.split(separator: ".")[...], $0.split(separator: ".")[...]) }
        }
        if messagesAtOnce + bound.count > limits.batch { throw ModelFailure("too_many") }
        for queue in bound.sorted(by: { $0.place < $1.place }) {
            guard let index = index(of: queue.name), try duplicate(of: draft, in: index) == nil else { continue }
            _ = try add(draft, topic: topic, to: index, from: peer)
        }
        if bound.isEmpty, mandatory { throw ModelFailure("unroutable") }
        trimsLater = wasLater
        if !wasLater {
            for name in toTrim { trim(name) }
            toTrim = []
        }
        return ",\"routed\":\(bound.count)"
    }

    /// Whether a topic's words match a pattern's: `*` is one word, `#` any number of words.
    static func matches(_ topic: ArraySlice<Substring>, _ pattern: ArraySlice<Substring>) -> Bool {
        guard let first = pattern.first else { return topic.isEmpty }
        let rest = pattern.dropFirst()
        if first == "#" { return matches(topic, rest) || !topic.isEmpty && matches(topic.dropFirst(), pattern) }
        guard let word = topic.first else { return false }
        return (first == "*" || first == word) && matches(topic.dropFirst(), rest)
    }
}
