/// What is there besides the load that is measured: waiting messages, other queues, idle connections. They should cost
/// it nothing.
struct Surroundings {
    private let target: Target
    private let options: LoadOptions
    private let prefix: String
    private var idle: [Connection] = []

    /// Requests in one exchange: few enough that neither side's buffers fill up.
    private static let portion = 500

    /// - Parameter prefix: the load's; messages wait in the queues that it uses.
    init(_ target: Target, _ options: LoadOptions, prefix: String) throws {
        self.target = target
        self.options = options
        self.prefix = prefix
        if options.idleConnections > 0 {
            var crowd = options
            crowd.connections = options.idleConnections
            idle = try IdleConnections(LoadPlan(.idle, target, crowd, prefix: "\(prefix)idle-")).openAndGreet()
        }
        if options.queuesAround > 0 {
            try forEachQueue { phrases in (phrases.sends[0].bytes, phrases.repliesPerSend) }
        }
        if options.waiting > 0 {
            var load = options
            load.messages = options.waiting
            (load.connections, load.depth, load.batch) = (nil, nil, nil)
            let plan = LoadPlan(.backlog, target, load, prefix: prefix)
            try QueueSet(plan).create()
            _ = try Backlog(plan).fill()
        }
    }

    func remove() throws {
        if options.queuesAround > 0 {
            try forEachQueue { phrases in (phrases.teardown.bytes, phrases.teardown.replies) }
        }
        for name in [prefix, "\(prefix)idle-"] where options.waiting > 0 || options.idleConnections > 0 {
            let plan = LoadPlan(.backlog, target, options, prefix: name)
            try QueueSet(plan).create()
            try QueueSet(plan).drop()
        }
    }

    private func forEachQueue(_ request: (Phrases) -> (bytes: [UInt8], replies: Int)) throws {
        let connection = try PlainConnection(target)
        for start in stride(from: 0, to: options.queuesAround, by: Self.portion) {
            let requests = (start..<min(start + Self.portion, options.queuesAround)).map { number in
                let speaker = Speaker(queues: ["\(prefix)around-\(number)"], bodySize: options.bodySize)
                return request(target.peer.phrases(for: speaker))
            }
            let replies = requests.reduce(0) { $0 + $1.replies }
            try connection.exchange(replies: replies) { output in
                for request in requests { output.append(request.bytes) }
            }
        }
    }
}
