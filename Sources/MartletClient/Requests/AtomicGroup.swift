/// Requests that all happen, or none does.
///
///     try await client.atomic { group in
///         try group.send("invoice 17", to: "invoices")
///         try group.delete(order)
///     }
public struct AtomicGroup: Sendable {
    private(set) var requests: [[UInt8]] = []
    /// Whether all of it can be repeated without harm.
    private(set) var isRepeatable = true

    init() {}

    private mutating func add(_ line: RequestLine, repeatable: Bool = false) {
        requests.append(line.object)
        isRepeatable = isRepeatable && repeatable
    }

    public mutating func send(_ value: some Encodable, to queue: String) throws {
        send(try OutgoingMessage(value), to: queue)
    }

    public mutating func send(_ message: OutgoingMessage, to queue: String) {
        add(message.line(to: queue), repeatable: message.dedup != nil)
    }

    public mutating func publish(_ message: OutgoingMessage, topic: String, mandatory: Bool = false) {
        var line = RequestLine("publish")
        line.add("topic", topic)
        if mandatory { line.add("mandatory", true) }
        message.write(to: &line)
        add(line, repeatable: message.dedup != nil)
    }

    public mutating func delete(_ message: Message) throws {
        delete(try message.lease(), from: message.queue)
    }

    public mutating func delete(_ reference: MessageReference, from queue: String) {
        add(.settling("delete", reference, queue))
    }

    public mutating func release(_ message: Message, delay: Duration? = nil) throws {
        var line = RequestLine.settling("release", try message.lease(), message.queue)
        line.add("delay", delay)
        add(line)
    }

    public mutating func reject(_ message: Message, reason: String? = nil) throws {
        var line = RequestLine.settling("reject", try message.lease(), message.queue)
        line.add("reason", reason)
        add(line)
    }

    public mutating func extend(_ message: Message, lease: Duration) throws {
        var line = RequestLine.settling("extend", try message.lease(), message.queue)
        line.add("lease", lease)
        add(line)
    }
}

extension RequestLine {
    /// The beginning of a request about one message.
    static func settling(_ operation: StaticString, _ reference: MessageReference, _ queue: String) -> RequestLine {
        var line = RequestLine(operation)
        line.add("queue", queue)
        reference.write(to: &line)
        return line
    }
}
