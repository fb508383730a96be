import Glibc

/// Connections that have been busy and are silent now.
struct IdleConnections {
    private let plan: LoadPlan

    /// Rounds that make a connection's buffers as large as they get with small messages.
    private static let rounds = 3

    init(_ plan: LoadPlan) { self.plan = plan }

    func run() throws -> [Measurement] {
        let queues = QueueSet(plan)
        try queues.create()
        let process = plan.target.process
        let before = process?.residentBytes
        var figures: [Figure] = []
        let connections = try open()
        if let before, let now = process?.residentBytes {
            figures.append(
                Figure("fresh_bytes_each", "fresh bytes each", Double(now - before) / Double(connections.count))
            )
        }
        let seconds = try makeBusy(connections)
        figures.append(Figure("busy_seconds", "busy s", seconds, digits: 2))
        let start = process?.cpuTime
        usleep(UInt32(plan.options.seconds * 1e6))
        if let start, let end = process?.cpuTime {
            let used = Double(end - start) / 1e6 / plan.options.seconds
            figures.append(Figure("idle_cpu_ms_per_second", "CPU ms/s", used, digits: 3))
        }
        if let before, let now = process?.residentBytes {
            figures.append(Figure("bytes_each", "bytes each", Double(now - before) / Double(connections.count)))
            figures.append(Figure("resident_mb", "RSS MB", Double(now) / 1e6, digits: 1))
        }
        try withExtendedLifetime(connections) { try queues.drop() }
        return [Measurement("\(connections.count) idle", figures)]
    }

    /// Connections that stay as long as somebody holds them, each after a few cycles: servers may turn away whoever
    /// never says a word.
    func openAndGreet() throws -> [Connection] {
        let connections = try open()
        _ = try makeBusy(connections)
        return connections
    }

    private let tally = Tally()

    private func open() throws -> [Connection] {
        try (0..<plan.shape.connections).map { place in
            let script = CycleScript(tally, schedule: nil, depth: 1, batch: 1, copies: 1, rounds: Self.rounds)
            let speaker = plan.speaker(queue: place % plan.options.queues, connection: place)
            return try plan.connect(place, speaker, script, room: 512)
        }
    }

    private func makeBusy(_ connections: [Connection]) throws -> Double {
        try LoadLoop(connections, tally).run(.untilDone(limit: Instant.nanoseconds(300)))
    }
}
