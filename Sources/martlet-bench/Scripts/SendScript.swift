/// Sends only, with a window of requests in flight: as replies come, as many requests follow.
final class SendScript: Script {
    private let tally: Tally
    private let flow: Flow
    private let schedule: Schedule?
    private let depth: Int
    private let batch: Int
    private let countsMessages: Bool
    private var turn = 0
    private var inFlight = 0
    private var isBlocked = false
    private var isFinished = false
    /// Replies of the last request that came in part.
    private var parts = 0
    private var confirmed = 0
    /// When the requests in flight were due, oldest first, and how many in a row.
    private var issues: [(due: Nanoseconds, count: Int)] = []
    private var oldest = 0

    /// - Parameter countsMessages: whether a confirmed send is what the scenario counts; else its delivery is.
    init(_ tally: Tally, flow: Flow, schedule: Schedule?, depth: Int, batch: Int, countsMessages: Bool) {
        self.tally = tally
        self.flow = flow
        self.schedule = schedule
        self.depth = depth
        self.batch = batch
        self.countsMessages = countsMessages
    }

    func begin(_ connection: Connection, now: Nanoseconds) {
        tally.working += 1
        fill(connection, now)
    }

    func wake(_ connection: Connection, now: Nanoseconds) {
        isBlocked = false
        fill(connection, now)
    }

    func take(_ reply: Reply, _ bytes: UnsafeRawBufferPointer, _ connection: Connection, now: Nanoseconds) {
        parts += 1
        guard parts == connection.phrases.repliesPerSend else { return }
        parts = 0
        confirmed += 1
    }

    func pause(_ connection: Connection, now: Nanoseconds) {
        inFlight -= confirmed
        if countsMessages { tally.countMessages(confirmed * batch) }
        while confirmed > 0, oldest < issues.count {
            let count = min(confirmed, issues[oldest].count)
            tally.record(replies: count, latency: now &- issues[oldest].due)
            confirmed -= count
            issues[oldest].count -= count
            if issues[oldest].count == 0 { oldest += 1 }
        }
        if oldest == issues.count {
            issues.removeAll(keepingCapacity: true)
            oldest = 0
        }
        fill(connection, now)
    }

    private func fill(_ connection: Connection, _ now: Nanoseconds) {
        if schedule == nil { issue(depth - inFlight, due: now, connection) } else { issueDue(connection, now) }
        if flow.quota == 0, inFlight == 0, !isFinished {
            isFinished = true
            tally.working -= 1
        }
    }

    private func issueDue(_ connection: Connection, _ now: Nanoseconds) {
        guard let schedule else { return }
        while inFlight < depth, !isBlocked {
            let due = schedule.due(turn: turn, of: connection.place)
            if due > now { return }
            issue(1, due: due, connection)
        }
    }

    private func issue(_ wanted: Int, due: Nanoseconds, _ connection: Connection) {
        guard wanted > 0, !isBlocked else { return }
        let granted = flow.take(wanted * batch)
        // The last request of a quota may be short of messages; it is sent whole.
        let count = (granted + batch - 1) / batch
        for index in 0..<count {
            connection.output.append(connection.phrases.sends[0], stamp: due &+ UInt64(index & 63))
        }
        if count > 0 { issues.append((due, count)) }
        inFlight += count
        turn += count
        if count < wanted, flow.quota > 0 {
            isBlocked = true
            flow.block(connection)
        }
    }
}
