/// One queue's counters and gauges. Ages and times are seconds, rates are per second over about the last 10 s.
public struct QueueStatistics: Equatable, Sendable {
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
    /// Totals since the broker's start.
    public let sent: Int
    public let received: Int
    public let deleted: Int
    public let expired: Int
    public let dropped: Int
    public let redelivered: Int
    public let deadLettered: Int
    public let sendRate: Double
    public let receiveRate: Double
    public let deleteRate: Double
    /// How long the oldest ready message has waited; nil if none does.
    public let oldestReadyAge: Double?
    /// From sent to first delivered: the median, and what 99 of 100 stay under.
    public let waitMedian: Double?
    public let wait99: Double?
    /// Until the queue is empty; nil while it does not shrink.
    public let drainSeconds: Double?
    /// Little's law: ready ÷ receive rate.
    public let meanWait: Double?
    /// All figures as the server wrote them, with those that this library may not know.
    public let text: JSONText

    init(_ object: JSONObject, queue: String) {
        func count(_ name: StaticString) -> Int { object[name]?.integer ?? 0 }
        self.queue = queue
        ready = count("ready")
        delayed = count("delayed")
        leased = count("leased")
        dead = count("dead")
        bytes = count("bytes")
        consumers = count("consumers")
        paused = object["paused"]?.string.flatMap(Client.Direction.init(rawValue:))
        sent = count("sent")
        received = count("received")
        deleted = count("deleted")
        expired = count("expired")
        dropped = count("dropped")
        redelivered = count("redelivered")
        deadLettered = count("dead_lettered")
        sendRate = object["send_rate"]?.number ?? 0
        receiveRate = object["receive_rate"]?.number ?? 0
        deleteRate = object["delete_rate"]?.number ?? 0
        oldestReadyAge = object["oldest_ready_age"]?.number
        waitMedian = object["wait_p50"]?.number
        wait99 = object["wait_p99"]?.number
        drainSeconds = object["drain_seconds"]?.number
        meanWait = object["mean_wait"]?.number
        text = JSONText(trusted: object.bytes)
    }
}
