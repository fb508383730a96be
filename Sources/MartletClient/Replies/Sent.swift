/// What became of a send.
public struct Sent: Equatable, Sendable {
    /// The message's id; that of the first one if this was a duplicate.
    public let id: Int
    /// The queue had seen the `dedup` value, and added nothing.
    public let isDuplicate: Bool
    /// What has become of the first one, if this was a duplicate.
    public let state: MessageState?
}
