/// The broker's counters and gauges: the sums over all queues, and its own. Rates are per second over about the last
/// 10 s.
public struct BrokerStatistics: Equatable, Sendable {
    public let queues: Int
    public let connections: Int
    public let ready: Int
    public let delayed: Int
    public let leased: Int
    public let dead: Int
    public let bytes: Int
    public let sendRate: Double
    public let receiveRate: Double
    public let deleteRate: Double
    public let memoryBytes: Int
    /// 0 is no limit.
    public let memoryLimit: Int
    /// Seconds.
    public let uptime: Double
    public let version: String
    public let durability: String
    /// All figures as the server wrote them, with those that this library may not know.
    public let text: JSONText

    init(_ object: JSONObject) {
        func count(_ name: StaticString) -> Int { object[name]?.integer ?? 0 }
        queues = count("queues")
        connections = count("connections")
        ready = count("ready")
        delayed = count("delayed")
        leased = count("leased")
        dead = count("dead")
        bytes = count("bytes")
        sendRate = object["send_rate"]?.number ?? 0
        receiveRate = object["receive_rate"]?.number ?? 0
        deleteRate = object["delete_rate"]?.number ?? 0
        memoryBytes = count("memory_bytes")
        memoryLimit = count("memory_limit")
        uptime = object["uptime"]?.number ?? 0
        version = object["version"]?.string ?? ""
        durability = object["durability"]?.string ?? ""
        text = JSONText(trusted: object.bytes)
    }
}
