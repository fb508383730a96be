/// What a queue holds, as the list of the queues says it. ``Client/statistics(of:)`` says more.
public struct QueueSummary: Equatable, Sendable {
    public let queue: String
    public let ready: Int
    public let delayed: Int
    public let leased: Int
    public let dead: Int
    public let bytes: Int
    /// Waiting or subscribed.
    public let consumers: Int
    /// Which way the queue is paused; nil if it is not.
    public let paused: Client.Direction?
    /// The entry as the server wrote it.
    public let text: JSONText

    init?(_ slice: JSONSlice) {
        guard let object = slice.object, let queue = object["queue"]?.string else { return nil }
        func count(_ name: StaticString) -> Int { object[name]?.integer ?? 0 }
        self.queue = queue
        ready = count("ready")
        delayed = count("delayed")
        leased = count("leased")
        dead = count("dead")
        bytes = count("bytes")
        consumers = count("consumers")
        paused = object["paused"]?.string.flatMap(Client.Direction.init(rawValue:))
        text = slice.text
    }
}
