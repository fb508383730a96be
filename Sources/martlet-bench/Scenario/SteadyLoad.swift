/// The scenarios that do the same over and over: warm up, then count for a time.
struct SteadyLoad {
    private let plan: LoadPlan
    private var options: LoadOptions { plan.options }
    private var shape: LoadShape { plan.shape }

    init(_ plan: LoadPlan) { self.plan = plan }

    func run() throws -> Measurement {
        let queues = QueueSet(plan, role: subscriberRole(sharing: subscribers))
        try queues.create()
        let measurement = try measure()
        if !options.keepQueues { try queues.drop() }
        return measurement
    }

    private func measure() throws -> Measurement {
        let loops = try (0..<min(options.threads, shape.connections)).map(loop)
        let process = plan.target.process
        var use = ProcessorUse(process)
        var resident: Int?
        let duration = LoadLoop.Duration.timed(
            warmUp: Instant.nanoseconds(options.warmUp),
            measured: Instant.nanoseconds(options.seconds)
        )
        let seconds = try LoadGroup.run(loops, duration) { edge in
            switch edge {
            case .begins: use = ProcessorUse(process)
            case .ends:
                use.end()
                resident = process?.residentBytes
            }
        }
        let name = plan.scenario.rawValue
        return Measurement(name, loops[0].tally, seconds: seconds, use, residentBytes: resident)
    }

    /// The loop with every n-th connection.
    private func loop(_ index: Int) throws -> LoadLoop {
        let tally = Tally()
        let numbers = Array(stride(from: index, to: shape.connections, by: options.threads))
        let senders = plan.scenario == .subscribe ? (numbers.count + 1) / 2 : numbers.count
        let schedule = options.rate.map { rate in
            let share = rate * Double(numbers.count) / Double(shape.connections)
            return Schedule(rate: share, unit: unit, connections: senders)
        }
        let flow = flow(senders: senders, receivers: numbers.count - senders)
        let connections = try numbers.enumerated().map { place, number in
            let isSender = place < senders
            let role = isSender ? Speaker.Role.worker : subscriberRole(sharing: 1)
            return try plan.connect(
                place,
                plan.speaker(queue: number % options.queues, connection: number, role: role),
                isSender
                    ? script(tally, flow, schedule) : SubscribeScript(tally, flow: flow, credit: options.credit)
            )
        }
        return try LoadLoop(connections, tally, flow: flow, schedule: schedule)
    }

    /// Messages of one unit of the open loop.
    private var unit: Int {
        switch plan.scenario {
        case .pipeline, .subscribe: shape.batch
        default: shape.depth * shape.batch
        }
    }

    private func flow(senders: Int, receivers: Int) -> Flow {
        switch plan.scenario {
        case .subscribe: Flow(limit: max(4 * options.credit * receivers, senders * shape.depth * shape.batch))
        case .mixed: Flow(limit: 8 * senders * shape.depth)
        default: Flow()
        }
    }

    private func script(_ tally: Tally, _ flow: Flow, _ schedule: Schedule?) -> any Script {
        switch plan.scenario {
        case .pipeline, .subscribe:
            SendScript(
                tally,
                flow: flow,
                schedule: schedule,
                depth: shape.depth,
                batch: shape.batch,
                countsMessages: plan.scenario == .pipeline
            )
        case .mixed: MixedScript(tally, flow: flow, depth: shape.depth)
        default:
            CycleScript(tally, schedule: schedule, depth: shape.depth, batch: shape.batch, copies: shape.copies)
        }
    }

    private var subscribers: Int { max(1, shape.connections / 2) }

    private func subscriberRole(sharing count: Int) -> Speaker.Role {
        plan.scenario == .subscribe ? .subscriber(credit: options.credit * count) : .worker
    }
}
