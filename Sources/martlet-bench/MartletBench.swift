import ArgumentParser

/// `martlet-bench`: the same work against Martlet and against others, to compare them on one's own machine.
///
/// A command reads options and makes a `LoadPlan`; a `Scenario` opens `Connection`s, gives each a `Script`, and runs
/// them in `LoadLoop`s; `Peer` has the words of each kind of server; what was counted becomes a `Report`.
@main
struct MartletBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet-bench",
        abstract: "Measure a Martlet broker, and others doing the same work.",
        subcommands: [RunCommand.self, CompareCommand.self, EchoCommand.self, StartCommand.self],
        defaultSubcommand: RunCommand.self
    )
}
