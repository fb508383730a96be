/// A thread's connections, served by epoll until the measurement is over.
///
///     let loop = try LoadLoop(connections, tally, schedule: nil)
///     let seconds = try loop.run(.timed(warmUp: …, measured: …)) { edge in … }
///
/// A turn: wait, read each readable socket once, answer each reply at once into the connection's output, write each
/// output once. In the steady state it makes one epoll call for many sockets and one recv and one send for each.
final class LoadLoop {
    enum Duration {
        /// Nothing is counted during the warm-up.
        case timed(warmUp: Nanoseconds, measured: Nanoseconds)
        /// Until no connection has work left; fails when that takes longer than `limit`.
        case untilDone(limit: Nanoseconds)
    }

    enum Edge {
        case begins, ends
    }

    let tally: Tally
    private let connections: [Connection]
    private let epoll: Epoll
    private let flow: Flow?
    private let schedule: Schedule?
    private var nextUnit = 0

    init(_ connections: [Connection], _ tally: Tally, flow: Flow? = nil, schedule: Schedule? = nil) throws {
        self.connections = connections
        self.tally = tally
        self.flow = flow
        self.schedule = schedule
        epoll = try Epoll()
        for connection in connections { try connection.watch(by: epoll) }
    }

    /// Runs the load and says for how many seconds it was measured.
    /// - Parameter edge: called when measuring begins and when it ends.
    func run(_ duration: Duration, edge: (Edge) -> Void = { _ in }) throws -> Double {
        let start = Instant.now()
        schedule?.start = start
        for connection in connections {
            connection.begin(now: start)
            try connection.flush(epoll)
        }
        switch duration {
        case .timed(let warmUp, let measured):
            try turn(until: start + warmUp)
            return try measure(edge) { try turn(until: start + warmUp + measured) }
        case .untilDone(let limit):
            return try measure(edge) { try turnUntilDone(limit: start + limit) }
        }
    }

    private func measure(_ edge: (Edge) -> Void, _ body: () throws -> Void) throws -> Double {
        edge(.begins)
        tally.isMeasuring = true
        let start = Instant.now()
        try body()
        let end = Instant.now()
        tally.isMeasuring = false
        edge(.ends)
        return Double(end - start) / 1e9
    }

    private func turn(until end: Nanoseconds) throws {
        var now = Instant.now()
        while now < end {
            try turn(now, end)
            now = Instant.now()
        }
    }

    private func turnUntilDone(limit: Nanoseconds) throws {
        var now = Instant.now()
        var hasBegun = tally.working > 0
        while tally.working > 0 || !hasBegun {
            if now > limit { throw LoadError("the work is not done after its time limit") }
            try turn(now, now + 1_000_000_000)
            hasBegun = hasBegun || tally.working > 0
            now = Instant.now()
        }
    }

    private func turn(_ now: Nanoseconds, _ end: Nanoseconds) throws {
        var wakeAt = end
        if let schedule { wakeAt = min(wakeAt, schedule.due(nextUnit)) }
        let count = epoll.wait(atMost: wakeAt > now ? wakeAt - now : 0)
        for index in 0..<count {
            let event = epoll[index]
            try connections[event.data].handle(event.events, epoll: epoll, tally: tally)
        }
        try beginDueUnits()
        for connection in flow?.takeBlocked() ?? [] {
            connection.script.wake(connection, now: Instant.now())
            try connection.flush(epoll)
        }
    }

    private func beginDueUnits() throws {
        guard let schedule else { return }
        let now = Instant.now()
        while schedule.due(nextUnit) <= now {
            let connection = connections[nextUnit % schedule.connections]
            nextUnit += 1
            connection.script.wake(connection, now: now)
            try connection.flush(epoll)
        }
    }
}
