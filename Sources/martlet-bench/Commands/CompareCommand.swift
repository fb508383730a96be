import ArgumentParser

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Measure Martlet and another server in turn, several rounds, and print medians of ratios.",
        discussion: """
            martlet-bench compare cycle --connections 64 --peer redis-list
            martlet-bench compare batch --peer redis-list --at-least 8
            martlet-bench compare cycle --waiting 10000000 --peer martlet --peer-server 127.0.0.1:6279

            Which of the two begins changes from round to round. --waiting, --queues-around and --idle-connections \
            hold for Martlet only: with a second, empty Martlet as the peer they show what they cost.
            """
    )

    @Argument(help: "The scenario.")
    var scenario: Scenario

    @Option(help: "The kind of server to compare with.")
    var peer: Peer

    @Option(help: ArgumentHelp("Where Martlet listens. (default: 127.0.0.1:6278)", valueName: "host:port|unix:path"))
    var server: String?

    @Option(help: ArgumentHelp("Where the peer listens. (default: its usual port)", valueName: "host:port|unix:path"))
    var peerServer: String?

    @Option(help: ArgumentHelp("Martlet's process, where it cannot be found by the port.", valueName: "pid"))
    var serverPid: Int?

    @Option(help: ArgumentHelp("The peer's process, where it cannot be found by the port.", valueName: "pid"))
    var peerPid: Int?

    @Option(help: ArgumentHelp("Rounds.", valueName: "n"))
    var rounds = 5

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var bar: BarOptions
    @OptionGroup var options: LoadOptions

    func validate() throws {
        if rounds < 1 { throw ValidationError("--rounds must be at least 1.") }
    }

    func run() throws {
        FileLimit.raise()
        let martlet = try TargetAddress.target(.martlet, server, serverPid)
        let other = try TargetAddress.target(peer, peerServer, peerPid)
        try scenario.check(peer)
        let prefix = RunPrefix.make()
        let surroundings = try Surroundings(martlet, options, prefix: prefix)
        let comparison = try compare(martlet, other, prefix)
        try surroundings.remove()
        show(comparison)
        try bar.judge(comparison.rows.filter { $0.key == bar.figure }.map(\.ratio))
    }

    private func compare(_ martlet: Target, _ other: Target, _ prefix: String) throws -> Comparison {
        var comparison = Comparison()
        var martletOptions = options
        // The waiting messages are for all rounds.
        if options.waiting > 0 { martletOptions.keepQueues = true }
        for round in 0..<rounds {
            func measure(_ target: Target, _ options: LoadOptions, _ prefix: String) throws -> Measurement {
                try scenario.run(on: target, options, prefix: prefix)[0]
            }
            let otherPrefix = RunPrefix.make()
            if round % 2 == 0 {
                let mine = try measure(martlet, martletOptions, prefix)
                comparison.add(martlet: mine, peer: try measure(other, options, otherPrefix))
            } else {
                let theirs = try measure(other, options, otherPrefix)
                comparison.add(martlet: try measure(martlet, martletOptions, prefix), peer: theirs)
            }
        }
        return comparison
    }

    private func show(_ comparison: Comparison) {
        if json {
            print(comparison.json)
        } else {
            let load = options.summary(scenario, for: .martlet)
            let others = LoadShape(scenario, options, for: peer)
            print("\(load); \(peer.rawValue) \(others.connections)×\(others.depth)")
            print(comparison.text(peer: peer.rawValue))
        }
    }
}
