/// Where a message stands. Not an enumeration, because a newer server may know states that this library does not.
public struct MessageState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }

    public static let ready = MessageState(rawValue: "ready")
    /// Not before an instant.
    public static let delayed = MessageState(rawValue: "delayed")
    /// With a consumer, until its lease ends.
    public static let leased = MessageState(rawValue: "leased")
    /// Rejected or out of attempts; kept.
    public static let dead = MessageState(rawValue: "dead")
    /// No longer in the queue.
    public static let gone = MessageState(rawValue: "gone")
    /// Any of them; for a purge.
    public static let all = MessageState(rawValue: "all")
}
