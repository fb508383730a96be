import Glibc

/// Fills a queue, drains it, and looks at the server's memory before, between and after.
struct Backlog {
    private let plan: LoadPlan

    /// The most a part may take.
    private static let limit = Instant.nanoseconds(3600)
    /// How long memory has to come back.
    private static let patience = 10.0

    init(_ plan: LoadPlan) { self.plan = plan }

    func run() throws -> [Measurement] {
        let queues = QueueSet(plan)
        try queues.create()
        let before = plan.target.process?.residentBytes
        let filled = try fill()
        let full = plan.target.process?.residentBytes
        let drained = try drain()
        var memory: [Figure] = []
        if let before, let full {
            memory = figures(before: before, full: full)
        }
        try queues.drop()
        return [filled, drained, Measurement("memory", memory)]
    }

    /// Also what puts messages in the way of other scenarios.
    func fill() throws -> Measurement {
        // Every loop has its share; the last request of each is sent whole.
        let flow = Flow(quota: plan.options.messages)
        return try measure("fill") { tally in
            SendScript(
                tally,
                flow: flow,
                schedule: nil,
                depth: plan.shape.depth,
                batch: plan.shape.batch,
                countsMessages: true
            )
        }
    }

    private func drain() throws -> Measurement {
        try measure("drain", role: .drainer) { DrainScript($0, depth: plan.shape.depth, batch: plan.shape.batch) }
    }

    private func measure(
        _ name: String,
        role: Speaker.Role = .worker,
        _ script: (Tally) -> any Script
    ) throws -> Measurement {
        let tally = Tally()
        let connections = try (0..<plan.shape.connections).map { place in
            let speaker = plan.speaker(queue: place % plan.options.queues, connection: place, role: role)
            return try plan.connect(place, speaker, script(tally))
        }
        let process = plan.target.process
        var use = ProcessorUse(process)
        let seconds = try LoadLoop(connections, tally).run(.untilDone(limit: Self.limit))
        use.end()
        return Measurement(name, tally, seconds: seconds, use, residentBytes: process?.residentBytes)
    }

    private func figures(before: Int, full: Int) -> [Figure] {
        let start = Instant.now()
        let enough = before + before / 10 + 8_000_000
        var after = plan.target.process?.residentBytes ?? 0
        var seconds = 0.0
        while after > enough, seconds < Self.patience {
            usleep(100_000)
            after = plan.target.process?.residentBytes ?? 0
            seconds = Double(Instant.now() - start) / 1e9
        }
        return [
            Figure("resident_before_mb", "before MB", Double(before) / 1e6, digits: 1),
            Figure("resident_full_mb", "full MB", Double(full) / 1e6, digits: 1),
            Figure(
                "bytes_per_message",
                "bytes/msg",
                Double(full - before) / Double(plan.options.messages),
                digits: 1
            ),
            Figure("resident_after_mb", "drained MB", Double(after) / 1e6, digits: 1),
            Figure("memory_back_seconds", "after s", seconds, digits: 1),
            // Within a tenth and 8 MB of what it was.
            Figure("memory_is_back", "back", after <= enough ? 1 : 0),
        ]
    }
}
