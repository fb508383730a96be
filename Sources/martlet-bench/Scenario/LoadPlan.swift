/// Everything that a scenario needs to know: what to do, to whom, with which queues.
struct LoadPlan {
    let scenario: Scenario
    let target: Target
    let options: LoadOptions
    let shape: LoadShape
    let prefix: String

    init(_ scenario: Scenario, _ target: Target, _ options: LoadOptions, prefix: String) {
        self.scenario = scenario
        self.target = target
        self.options = options
        shape = LoadShape(scenario, options, for: target.peer)
        self.prefix = prefix
    }

    /// What the connection says that works on a queue.
    func speaker(queue: Int, connection: Int = 0, role: Speaker.Role = .worker) -> Speaker {
        let name = "\(prefix)\(queue)"
        let names = shape.copies > 1 ? (0..<shape.copies).map { "\(name)-\($0)" } : [name]
        return Speaker(
            connection: connection,
            queues: names,
            bodySize: options.bodySize,
            batch: shape.batch,
            variants: scenario == .mixed ? variants : [Speaker.Variant()],
            role: role
        )
    }

    /// All priorities; one message in ten is delayed, one in five belongs to one of eight groups.
    private var variants: [Speaker.Variant] {
        (0..<80).map { number in
            var variant = Speaker.Variant(priority: number % 10)
            if number % 10 == 3 { variant.delay = 20 }
            if number % 5 == 1 { variant.group = "g\(number / 5 % 8)" }
            return variant
        }
    }

    func connect(
        _ place: Int,
        _ speaker: Speaker,
        _ script: any Script,
        room: Int = 128 << 10
    ) throws -> Connection {
        try Connection(
            place: place,
            peer: target.peer,
            address: target.address,
            phrases: target.peer.phrases(for: speaker),
            script: script,
            room: room
        )
    }
}
