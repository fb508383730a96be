/// The size of a load: the options with a scenario's defaults for what was not said.
struct LoadShape: Equatable {
    var connections: Int
    /// Requests in flight on each connection.
    var depth: Int
    /// Messages in one request.
    var batch = 1
    /// Queues that each message goes to.
    var copies = 1

    init(_ scenario: Scenario, _ options: LoadOptions, for peer: Peer) {
        (connections, depth) = Self.defaults(scenario)
        connections = options.connections ?? connections
        depth = options.depth ?? depth
        batch = options.batch ?? (scenario == .batch ? 64 : 1)
        if scenario == .fanOut { copies = options.copies }
        if batch > 1, !peer.hasBatches {
            depth *= batch
            batch = 1
        }
    }

    private static func defaults(_ scenario: Scenario) -> (connections: Int, depth: Int) {
        switch scenario {
        case .cycle: (64, 1)
        case .pipeline: (1, 1000)
        case .batch: (16, 1)
        case .subscribe, .mixed, .fanOut: (16, 16)
        case .backlog: (4, 250)
        case .idle: (1000, 1)
        case .stall: (1, 1)
        }
    }
}
