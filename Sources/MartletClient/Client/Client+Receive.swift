extension Client {
    /// Takes messages from a queue.
    ///
    /// - Parameters:
    ///   - max: How many at most, 1 to 1,000.
    ///   - wait: How long to wait for a first one. While it waits, replies to this client's later requests wait too.
    ///   - lease: How long they are yours; by default as the queue says.
    ///   - keep: The leases outlive the connection.
    ///   - autoDelete: They are deleted as they are handed over.
    /// - Returns: What there was; nothing if none came in time.
    public func receive(
        from queue: String,
        max: Int = 1,
        wait: Duration = .zero,
        lease: Duration? = nil,
        keep: Bool = false,
        autoDelete: Bool = false
    ) async throws -> [Message] {
        try await receive(from: [queue], max: max, wait: wait, lease: lease, keep: keep, autoDelete: autoDelete)
    }

    /// Takes messages from the first of several queues that has some.
    public func receive(
        from queues: [String],
        max: Int = 1,
        wait: Duration = .zero,
        lease: Duration? = nil,
        keep: Bool = false,
        autoDelete: Bool = false
    ) async throws -> [Message] {
        var line = RequestLine("receive")
        line.add(queues: queues)
        line.add("max", max)
        line.add("wait", wait)
        line.add("lease", lease)
        if keep { line.add("keep", true) }
        if autoDelete { line.add("auto_delete", true) }
        let queue = queues.count == 1 ? queues.first : nil
        // What a lost connection had leased without `keep` goes back to its queue, so asking again loses nothing.
        let reply = try await perform(line.object, repeatable: !keep && !autoDelete) { .receive($0, queue: queue) }
        return try messages(in: reply, queue: queue)
    }

    func messages(in reply: Reply, queue: String?) throws -> [Message] {
        try reply.elements("messages").map { slice in
            guard let object = slice.object else { throw reply.missing("messages") }
            return try Message(object, queue: queue, client: self)
        }
    }

    /// Messages as they come, for ever.
    ///
    ///     for try await message in client.messages(queue: "jobs", credit: 10) {
    ///         try await work(on: message)
    ///         try await message.delete()
    ///     }
    ///
    /// - Parameters:
    ///   - credit: How many the server hands out before the first of them is settled, 1 to 10,000.
    ///   - lease: How long each is yours, counted from when the server hands it out; by default as the queue says.
    ///   - keep: The leases outlive the connection.
    ///   - autoDelete: They are deleted as they are handed to this client.
    public func messages(
        queue: String,
        credit: Int = 100,
        lease: Duration? = nil,
        keep: Bool = false,
        autoDelete: Bool = false
    ) -> Messages {
        messages(queues: [queue], credit: credit, lease: lease, keep: keep, autoDelete: autoDelete)
    }

    /// Messages of several queues as they come, for ever.
    public func messages(
        queues: [String],
        credit: Int = 100,
        lease: Duration? = nil,
        keep: Bool = false,
        autoDelete: Bool = false
    ) -> Messages {
        let order = Subscription.Order(
            queues: queues,
            credit: credit,
            lease: lease,
            keep: keep,
            autoDelete: autoDelete
        )
        return Messages(client: self, order: order)
    }

    /// Looks at messages without leasing them.
    public func peek(_ queue: String, state: MessageState = .ready, max: Int = 1) async throws -> [Message] {
        var line = RequestLine("peek")
        line.add("queue", queue)
        line.add("state", state.rawValue)
        line.add("max", max)
        return try messages(in: try await perform(line, repeatable: true), queue: queue)
    }

    /// Looks at one message, whatever its state.
    ///
    /// - Throws: ``MartletError`` with ``MartletError/Code/noMessage`` if there is none.
    public func peek(_ queue: String, id: Int) async throws -> Message {
        var line = RequestLine("peek")
        line.add("queue", queue)
        line.add("id", id)
        let reply = try await perform(line, repeatable: true)
        guard let message = try messages(in: reply, queue: queue).first else {
            throw MartletError(code: .noMessage, reason: "there is no message \(id) in \(queue)")
        }
        return message
    }
}
