import ArgumentParser

/// The size and the surroundings of a load.
struct LoadOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Connections.", valueName: "n"))
    var connections: Int?

    @Option(name: .shortAndLong, help: ArgumentHelp("Requests in flight on each connection.", valueName: "n"))
    var depth: Int?

    @Option(name: .shortAndLong, help: ArgumentHelp("Messages in one request.", valueName: "n"))
    var batch: Int?

    @Option(name: [.customShort("s"), .long], help: ArgumentHelp("Bytes of a body, at least 17.", valueName: "bytes"))
    var bodySize = 100

    @Option(name: .shortAndLong, help: ArgumentHelp("Queues that the connections are spread over.", valueName: "n"))
    var queues = 1

    @Option(name: [.customShort("t"), .long], help: ArgumentHelp("Time that is measured.", valueName: "s"))
    var seconds = 3.0

    @Option(help: ArgumentHelp("Time before it that is not measured.", valueName: "s"))
    var warmUp = 0.5

    @Option(
        help: ArgumentHelp(
            "Open loop: so many messages are due each second, whatever the server does; measured from when due.",
            valueName: "messages/s"
        )
    )
    var rate: Double?

    @Option(help: ArgumentHelp("Threads that make the load.", valueName: "n"))
    var threads = 1

    @Option(help: ArgumentHelp("subscribe: unsettled messages of each subscriber.", valueName: "n"))
    var credit = 100

    @Option(help: ArgumentHelp("fan-out: queues that each message goes to.", valueName: "n"))
    var copies = 4

    @Option(help: ArgumentHelp("backlog and stall: messages.", valueName: "n"))
    var messages = 1_000_000

    @Option(help: ArgumentHelp("Fill the queues with this many messages first.", valueName: "n"))
    var waiting = 0

    @Option(help: ArgumentHelp("Make this many other queues first, with a message in each.", valueName: "n"))
    var queuesAround = 0

    @Option(help: ArgumentHelp("Open this many idle connections first.", valueName: "n"))
    var idleConnections = 0

    @Flag(help: "Leave the queues and what is in them.")
    var keepQueues = false

    func validate() throws {
        let counts = [connections, depth, batch, queues, threads, credit, copies, messages]
        guard counts.allSatisfy({ ($0 ?? 1) > 0 }) else { throw ValidationError("Numbers must be at least 1.") }
        if bodySize < Stamp.length { throw ValidationError("--body-size must be at least \(Stamp.length).") }
        guard seconds > 0, warmUp >= 0, (rate ?? 1) > 0 else { throw ValidationError("Times and rates are positive.") }
        if waiting < 0 || queuesAround < 0 || idleConnections < 0 {
            throw ValidationError("Numbers must not be negative.")
        }
    }

    /// The load in a line, with what the scenario makes of it for a peer.
    func summary(_ scenario: Scenario, for peer: Peer) -> String {
        let shape = LoadShape(scenario, self, for: peer)
        var parts = [scenario.rawValue]
        switch scenario {
        case .stall: parts.append("\(messages) messages")
        case .backlog: parts += ["\(messages) messages", "\(shape.connections)×\(shape.depth)"]
        case .idle: parts.append("\(shape.connections) connections")
        default: parts += ["\(shape.connections)×\(shape.depth)", "\(seconds) s"]
        }
        if shape.batch > 1 { parts.append("batches of \(shape.batch)") }
        if shape.copies > 1 { parts.append("\(shape.copies) copies") }
        if scenario == .subscribe { parts.append("credit \(credit)") }
        parts.append("\(bodySize) bytes")
        if queues > 1 { parts.append("\(queues) queues") }
        if threads > 1 { parts.append("\(threads) threads") }
        if let rate { parts.append("\(Figure.text(rate, digits: 0)) messages/s due") }
        if waiting > 0 { parts.append("\(waiting) waiting") }
        if queuesAround > 0 { parts.append("\(queuesAround) queues around") }
        if idleConnections > 0 { parts.append("\(idleConnections) idle connections") }
        return parts.joined(separator: ", ")
    }
}
