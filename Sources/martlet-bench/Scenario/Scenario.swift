import ArgumentParser

/// The kinds of work that can be measured.
enum Scenario: String, CaseIterable, ExpressibleByArgument {
    case cycle, pipeline, batch, subscribe
    case fanOut = "fan-out"
    case backlog, idle, mixed, stall

    /// A line for the help.
    var abstract: String {
        switch self {
        case .cycle: "send, receive, delete: every step confirmed before the next"
        case .pipeline: "sends only, a window of them in flight"
        case .batch: "cycles of many messages in one request; peers without batches get as many requests in flight"
        case .subscribe: "half of the connections send, the others are pushed messages and delete them"
        case .fanOut: "each message goes to several queues and is received and deleted from each"
        case .backlog: "fill with --messages, look at the memory, drain, look again (start the server anew)"
        case .idle: "many connections that were busy once: what they cost (start the server anew)"
        case .mixed: "priorities, delays and groups; one message in ten is released"
        case .stall: "latency of another connection while a long operation runs (Martlet only)"
        }
    }

    static var list: String { allCases.map { "  \($0.rawValue): \($0.abstract)" }.joined(separator: "\n") }

    /// Says why it cannot be run on a peer.
    func check(_ peer: Peer) throws {
        switch self {
        case .mixed where !peer.hasPriorities:
            throw LoadError("\(peer.rawValue) has no priorities and delays: mixed cannot be run on it")
        case .stall where peer != .martlet:
            throw LoadError("stall can be run on martlet only")
        case .subscribe where peer == .echo, .backlog where peer == .echo:
            throw LoadError("an echo keeps no messages: \(rawValue) cannot be run on it")
        default:
            return
        }
    }

    /// - Parameter prefix: of the names of all queues; different for each run, unless their content is wanted again.
    func run(on target: Target, _ options: LoadOptions, prefix: String) throws -> [Measurement] {
        try check(target.peer)
        let plan = LoadPlan(self, target, options, prefix: prefix)
        switch self {
        case .cycle, .pipeline, .batch, .subscribe, .fanOut, .mixed: return [try SteadyLoad(plan).run()]
        case .backlog: return try Backlog(plan).run()
        case .idle: return try IdleConnections(plan).run()
        case .stall: return try Stall(plan).run()
        }
    }
}
