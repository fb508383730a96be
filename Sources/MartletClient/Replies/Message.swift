public import FoundationEssentials

/// A message as it was delivered, or as it was found by a peek.
///
/// A delivered message is leased: it is yours until the lease ends, and leaves its queue when you delete it.
///
///     let order = try message.decode(Order.self)
///     try await message.delete()
///
/// What you do not settle, and what your connection held when it was lost, is delivered again.
public struct Message: Sendable {
    /// 1, 2, 3, … within its queue.
    public let id: Int
    public let queue: String
    /// Names this lease; nil if the message is not leased to this client.
    public let receipt: String?
    /// 1 at the first delivery.
    public let attempt: Int
    public let sentAt: Date
    /// Byte for byte as it was sent.
    public let body: JSONText
    /// 0 to 9.
    public let priority: Int
    /// A JSON object, byte for byte as it was sent.
    public let headers: JSONText?
    public let group: String?
    /// The topic it was published to.
    public let topic: String?
    public let replyTo: String?
    public let correlation: String?
    /// What the connection that sent it is called.
    public let producer: String?
    public let expiresAt: Date?
    /// Where a dead-lettered message comes from.
    public let origin: Origin?
    /// Only in a peek.
    public let state: MessageState?
    /// The whole message as the server wrote it, with fields that this library may not know.
    public let text: JSONText

    private let client: Client

    /// Where a dead-lettered message comes from.
    public struct Origin: Equatable, Sendable {
        public let queue: String
        public let id: Int
        public let reason: String?
    }

    /// - Parameter queue: Where it was asked for, if the message does not say it.
    init(_ object: JSONObject, queue: String?, client: Client) throws {
        guard let id = object["id"]?.integer, let queue = object["queue"]?.string ?? queue,
            let body = object["body"]?.text
        else { throw ConnectionError.malformedReply("a message lacks its 'id', 'queue' or 'body'") }
        self.id = id
        self.queue = queue
        self.body = body
        self.client = client
        receipt = object["receipt"]?.string
        attempt = object["attempt"]?.integer ?? 1
        sentAt = object["sent_at"]?.date ?? Date(milliseconds: 0)
        priority = object["priority"]?.integer ?? 4
        headers = object["headers"]?.text
        group = object["group"]?.string
        topic = object["topic"]?.string
        replyTo = object["reply_to"]?.string
        correlation = object["correlation"]?.string
        producer = object["producer"]?.string
        expiresAt = object["expires_at"]?.date
        origin = object["origin"]?.object.flatMap(Origin.init)
        state = object["state"]?.string.map(MessageState.init(rawValue:))
        text = JSONText(trusted: object.bytes)
    }

    /// The body as a value.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try body.decode(type)
    }
}

extension Message.Origin {
    init?(_ object: JSONObject) {
        guard let queue = object["queue"]?.string, let id = object["id"]?.integer else { return nil }
        self.init(queue: queue, id: id, reason: object["reason"]?.string)
    }
}

// MARK: - Settling

extension Message {
    /// The lease to be settled.
    func lease() throws -> MessageReference {
        guard let receipt else {
            throw MartletError(code: .notLeased, reason: "message \(id) of \(queue) is not leased to this client")
        }
        return .receipt(receipt)
    }

    /// It is done, and leaves its queue.
    ///
    /// - Throws: ``MartletError`` with ``MartletError/Code/leaseLost`` if the lease has ended: the message is or will
    /// be
    ///   delivered again.
    public func delete() async throws {
        try await client.delete(try lease(), from: queue)
    }

    /// Gives it back to be delivered again, after `delay`.
    ///
    /// - Parameter counted: False if this delivery should not count towards the queue's `maxAttempts`.
    public func release(delay: Duration? = nil, counted: Bool = true) async throws {
        try await client.release(try lease(), in: queue, delay: delay, counted: counted)
    }

    /// Gives up on it: it is dead, or moves to the queue's `deadLetter`.
    ///
    /// - Parameter reason: For the person who finds it; at most 256 bytes.
    public func reject(reason: String? = nil) async throws {
        try await client.reject(try lease(), in: queue, reason: reason)
    }

    /// The lease ends `lease` from now, whatever it was before.
    ///
    /// - Returns: When it ends.
    @discardableResult
    public func extend(lease duration: Duration) async throws -> Date {
        try await client.extend(try lease(), in: queue, lease: duration)
    }
}
