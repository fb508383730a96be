extension Client {
    /// Which way a queue is paused.
    public enum Direction: String, CaseIterable, Sendable {
        case send
        case receive
        case both
    }

    /// Creates a queue, or changes the settings that are named.
    ///
    /// - Returns: Whether it is new, and all its settings.
    @discardableResult
    public func declare(
        _ queue: String,
        _ settings: QueueSettings = QueueSettings()
    ) async throws -> (isNew: Bool, settings: QueueSettings) {
        var line = RequestLine("declare")
        line.add("queue", queue)
        settings.write(to: &line)
        let reply = try await perform(line, repeatable: true)
        guard let all = reply.object["settings"]?.object else { throw reply.missing("settings") }
        return (reply.object["created"]?.isTrue ?? false, QueueSettings(all))
    }

    /// Removes a queue.
    ///
    /// - Parameter force: Even if it holds messages, which are lost.
    public func drop(_ queue: String, force: Bool = false) async throws {
        var line = RequestLine("drop")
        line.add("queue", queue)
        if force { line.add("force", true) }
        _ = try await perform(line)
    }

    /// One page of the queues, sorted by name.
    ///
    /// - Parameters:
    ///   - match: Only names that match: `*` is any characters, `?` is one.
    ///   - max: How many at most; nil is as many as the server gives at once.
    ///   - after: Only names behind this one.
    public func queues(
        match: String? = nil,
        max: Int? = nil,
        after: String? = nil
    ) async throws -> [QueueSummary] {
        var line = RequestLine("queues")
        line.add("match", match)
        line.add("max", max)
        line.add("after", after)
        return try await perform(line, repeatable: true).elements("queues").compactMap(QueueSummary.init)
    }

    /// The queue takes no more messages, or hands out none, or both, until it is resumed.
    public func pause(_ queue: String, direction: Direction = .both) async throws {
        try await set("pause", queue, direction)
    }

    /// Undoes a pause.
    public func resume(_ queue: String, direction: Direction = .both) async throws {
        try await set("resume", queue, direction)
    }

    private func set(_ operation: StaticString, _ queue: String, _ direction: Direction) async throws {
        var line = RequestLine(operation)
        line.add("queue", queue)
        line.add("direction", direction.rawValue)
        _ = try await perform(line, repeatable: true)
    }
}

// MARK: - Topics

extension Client {
    /// The queue gets a copy of what is published to matching topics from now on.
    ///
    /// - Parameter topic: A pattern: `*` is one word, `#` any number of words.
    public func bind(_ queue: String, to topic: String) async throws {
        try await bind("bind", queue, topic)
    }

    /// Undoes a bind.
    public func unbind(_ queue: String, from topic: String) async throws {
        try await bind("unbind", queue, topic)
    }

    private func bind(_ operation: StaticString, _ queue: String, _ topic: String) async throws {
        var line = RequestLine(operation)
        line.add("queue", queue)
        line.add("topic", topic)
        _ = try await perform(line, repeatable: true)
    }

    /// Which queue is bound to which pattern; of all queues or of one.
    public func bindings(of queue: String? = nil) async throws -> [QueueBinding] {
        var line = RequestLine("bindings")
        line.add("queue", queue)
        return try await perform(line, repeatable: true).elements("bindings").compactMap(QueueBinding.init)
    }
}
