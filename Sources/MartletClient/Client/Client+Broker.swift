public import FoundationEssentials

extension Client {
    /// What the broker says about itself.
    public func hello() async throws -> ServerGreeting {
        ServerGreeting(try await perform(wire.greeting, repeatable: true) { .answer($0) })
    }

    /// Whether the broker answers.
    ///
    /// - Returns: Its clock.
    @discardableResult
    public func ping() async throws -> Date {
        Date(milliseconds: try await perform(RequestLine("ping"), repeatable: true).integer("now"))
    }

    /// The operations, or the fields of one, as the server's `help` gives them.
    public func help(about operation: String? = nil) async throws -> JSONText {
        var line = RequestLine("help")
        line.add("about", operation)
        return try await perform(line, repeatable: true).text
    }

    /// The broker's figures.
    public func statistics() async throws -> BrokerStatistics {
        BrokerStatistics(try await perform(RequestLine("stats"), repeatable: true).object)
    }

    /// A queue's figures.
    public func statistics(of queue: String) async throws -> QueueStatistics {
        var line = RequestLine("stats")
        line.add("queue", queue)
        return QueueStatistics(try await perform(line, repeatable: true).object, queue: queue)
    }

    /// Why a queue delivers nothing more right now; nothing if messages flow.
    public func explain(_ queue: String) async throws -> [Explanation] {
        var line = RequestLine("explain")
        line.add("queue", queue)
        return try await perform(line, repeatable: true).elements("reasons").compactMap(Explanation.init)
    }

    /// What was sent to a queue and how it ended, as far as the queue's `history` reaches.
    ///
    /// - Parameters:
    ///   - producer: Only what this producer has sent.
    ///   - consumer: Only what this consumer has processed.
    ///   - after: Only ids above this one.
    ///   - max: How many at most.
    public func history(
        of queue: String,
        producer: String? = nil,
        consumer: String? = nil,
        after: Int? = nil,
        max: Int? = nil
    ) async throws -> [HistoryRecord] {
        var line = RequestLine("history")
        line.add("queue", queue)
        line.add("producer", producer)
        line.add("consumer", consumer)
        line.add("after", after)
        line.add("max", max)
        return try await perform(line, repeatable: true).elements("records").compactMap(HistoryRecord.init)
    }
}
