/// What became of a send.
public struct Sent: Equatable, Sendable {
    /// The message's id; that of the first one if this was a duplicate.
    public let id: Int
    /// The queue had seen the `dedup` value, and added nothing.
    public let isDuplicate: Bool
    /// What has become of the first one, if this was a duplicate.
    public let state: MessageState?

    init(id: Int, isDuplicate: Bool, state: MessageState?) {
        self.id = id
        self.isDuplicate = isDuplicate
        self.state = state
    }

    init(_ reply: Reply) throws {
        id = try reply.integer("id")
        isDuplicate = reply.object["duplicate"]?.isTrue ?? false
        state = reply.object["state"]?.string.map(MessageState.init(rawValue:))
    }
}
