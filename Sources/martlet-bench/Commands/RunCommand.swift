import ArgumentParser

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Measure one server.",
        discussion: """
            martlet-bench cycle --connections 64
            martlet-bench cycle --connections 16 --depth 64 --peer redis-list
            martlet-bench cycle --rate 20000 --json

            `server busy` and `load busy` are the processors that each side kept busy: if the load is at its number of \
            threads and the server is not, the load was the limit.

            Scenarios:
            \(Scenario.list)
            """
    )

    @Argument(help: "The scenario.")
    var scenario: Scenario

    @Option(help: "The kind of server.")
    var peer = Peer.martlet

    @Option(help: ArgumentHelp("Where it listens. (default: the peer's usual port)", valueName: "host:port|unix:path"))
    var server: String?

    @Option(help: ArgumentHelp("Its process, where it cannot be found by the port.", valueName: "pid"))
    var serverPid: Int?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var bar: BarOptions
    @OptionGroup var options: LoadOptions

    func run() throws {
        FileLimit.raise()
        let target = try TargetAddress.target(peer, server, serverPid)
        let prefix = RunPrefix.make()
        try scenario.check(peer)
        let surroundings = try Surroundings(target, options, prefix: prefix)
        let measurements = try scenario.run(on: target, options, prefix: prefix)
        if !options.keepQueues { try surroundings.remove() }
        let report = Report(scenario: scenario, target: target, options: options, measurements: measurements)
        print(json ? report.json : report.text)
        try bar.judge(measurements.compactMap { $0.figure(bar.figure)?.value })
    }
}
