public import FoundationEssentials

/// A message to be sent: its body and whatever goes with it. What is nil is left to the server's defaults.
///
///     var message = try OutgoingMessage(order)
///     message.priority = 9
///     message.dedup = order.number
///     try await client.send(message, to: "orders")
public struct OutgoingMessage: Sendable {
    public var body: JSONText
    /// 0 (last) to 9 (first); 4 by default.
    public var priority: Int?
    /// Not delivered before this has passed.
    public var delay: Duration?
    /// Not delivered before this instant; instead of `delay`.
    public var at: Date?
    /// Expires when this has passed.
    public var timeToLive: Duration?
    /// A JSON object.
    public var headers: JSONText?
    /// The same value within the queue's `dedupWindow` is accepted once. 1 to 128 bytes.
    public var dedup: String?
    /// Messages of one group are delivered strictly in order. 1 to 128 bytes.
    public var group: String?
    /// The queue where an answer is expected.
    public var replyTo: String?
    /// What an answer should carry. 1 to 128 bytes.
    public var correlation: String?

    /// A message whose body is `json` as it is.
    public init(json: JSONText) {
        body = json
    }

    /// A message whose body is `value` as JSON.
    public init(_ value: some Encodable) throws {
        body = try JSONText(encoding: value)
    }

    func line(to queue: String) -> RequestLine {
        var line = RequestLine("send")
        line.add("queue", queue)
        write(to: &line)
        return line
    }

    func write(to line: inout RequestLine) {
        line.add("body", body)
        line.add("priority", priority)
        line.add("delay", delay)
        line.add("at", at)
        line.add("ttl", timeToLive)
        line.add("headers", headers)
        line.add("dedup", dedup)
        line.add("group", group)
        line.add("reply_to", replyTo)
        line.add("correlation", correlation)
    }
}
