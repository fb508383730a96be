public import FoundationEssentials

extension Client {
    /// Sends a value as JSON.
    ///
    ///     try await client.send(order, to: "orders", priority: 9, dedup: order.number)
    ///
    /// What each argument does is said in ``OutgoingMessage``.
    @discardableResult
    public func send(
        _ value: some Encodable,
        to queue: String,
        priority: Int? = nil,
        delay: Duration? = nil,
        at: Date? = nil,
        timeToLive: Duration? = nil,
        headers: [String: String]? = nil,
        dedup: String? = nil,
        group: String? = nil,
        replyTo: String? = nil,
        correlation: String? = nil
    ) async throws -> Sent {
        var message = try OutgoingMessage(value)
        message.priority = priority
        message.delay = delay
        message.at = at
        message.timeToLive = timeToLive
        message.headers = try headers.map { try JSONText(encoding: $0) }
        message.dedup = dedup
        message.group = group
        message.replyTo = replyTo
        message.correlation = correlation
        return try await send(message, to: queue)
    }

    /// Sends a message. One with `dedup` is sent again if the connection is lost before the answer; any other then
    /// fails with ``ConnectionError/outcomeUnknown(reason:)``.
    @discardableResult
    public func send(_ message: OutgoingMessage, to queue: String) async throws -> Sent {
        let reply = try await perform(message.line(to: queue), repeatable: message.dedup != nil)
        return try Sent(reply)
    }

    /// Sends a message without waiting for the answer: messages submitted one after the other are sent in that order,
    /// as many at a time as the caller does not wait for.
    ///
    ///     var underWay: [PendingSend] = []
    ///     for line in lines { underWay.append(client.submit(try OutgoingMessage(line), to: "lines")) }
    ///     for one in underWay { _ = try await one.sent }
    ///
    /// What is submitted is held in memory until it is answered, so wait for some of it now and then.
    public func submit(_ message: OutgoingMessage, to queue: String) -> PendingSend {
        let pending = PendingSend()
        wire.submit(
            OutgoingRequest(
                number: wire.nextNumber(),
                line: message.line(to: queue).object,
                isRepeatable: message.dedup != nil,
                purpose: .answer(Waiter { pending.finish($0) })
            )
        )
        return pending
    }

    /// Sends all messages or none; 1 to 10,000 of them.
    ///
    /// - Returns: Their ids, in order.
    @discardableResult
    public func send(batch messages: [OutgoingMessage], to queue: String) async throws -> [Int] {
        var line = RequestLine("send")
        line.add("queue", queue)
        line.add(
            "messages",
            objects: messages.map { message in
                var object = RequestLine()
                message.write(to: &object)
                return object.object
            }
        )
        let reply = try await perform(line, repeatable: messages.allSatisfy { $0.dedup != nil })
        return try reply.elements("ids").compactMap(\.integer)
    }

    /// Sends a copy to every queue that is bound to the topic, to all of them or to none.
    ///
    /// - Parameter mandatory: Refused with ``MartletError/Code/unroutable`` if no queue is bound.
    /// - Returns: How many queues got it.
    @discardableResult
    public func publish(_ message: OutgoingMessage, topic: String, mandatory: Bool = false) async throws -> Int {
        var line = RequestLine("publish")
        line.add("topic", topic)
        if mandatory { line.add("mandatory", true) }
        message.write(to: &line)
        return try await perform(line, repeatable: message.dedup != nil).integer("routed")
    }

    /// Publishes a value as JSON.
    @discardableResult
    public func publish(_ value: some Encodable, topic: String, mandatory: Bool = false) async throws -> Int {
        try await publish(OutgoingMessage(value), topic: topic, mandatory: mandatory)
    }

    /// All requests of the group happen, or none.
    ///
    /// - Returns: The replies, in order.
    /// - Throws: ``MartletError`` with the ``MartletError/index`` of the one that was refused.
    @discardableResult
    public func atomic(_ build: (inout AtomicGroup) throws -> Void) async throws -> [JSONText] {
        var group = AtomicGroup()
        try build(&group)
        var line = RequestLine("atomic")
        line.add("requests", objects: group.requests)
        return try await perform(line, repeatable: group.isRepeatable).elements("results").map(\.text)
    }
}
