/// How many messages a loop's senders may have in the server, so that receivers set the pace and memory stays bounded.
final class Flow {
    /// Messages that may still be sent in all.
    var quota: Int
    private let limit: Int
    private var outstanding = 0
    private(set) var blocked: [Connection] = []

    /// - Parameters:
    ///   - limit: messages sent and not yet delivered.
    ///   - quota: messages in all.
    init(limit: Int = .max, quota: Int = .max) {
        self.limit = limit
        self.quota = quota
    }

    /// How many of `wanted` messages may be sent now; they count as sent.
    func take(_ wanted: Int) -> Int {
        let count = min(wanted, quota, limit - outstanding)
        outstanding += count
        if quota != .max { quota -= count }
        return count
    }

    func delivered(_ count: Int) { outstanding -= count }

    /// The connection is woken when there is room again.
    func block(_ connection: Connection) { blocked.append(connection) }

    /// The blocked connections, once there is room for a good part of what may be outstanding; else none.
    func takeBlocked() -> [Connection] {
        guard !blocked.isEmpty, outstanding <= limit - limit / 4 else { return [] }
        defer { blocked = [] }
        return blocked
    }
}
