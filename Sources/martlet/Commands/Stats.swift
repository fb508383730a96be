import ArgumentParser
import MartletClient

struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the figures of the broker and its queues.",
        discussion: """
            Without a queue all of them, as a table. --json gives what the broker says: its own figures, or a line \
            for each queue named.
            """
    )

    @Argument(help: "Only these queues; * is any characters, ? is one.")
    var queues: [String] = []

    @Flag(help: "Lines of JSON, for programs.")
    var json = false

    @Flag(help: "Go on, and redraw.")
    var watch = false

    @Option(help: ArgumentHelp("With --watch: how often. (default: 2 s)", valueName: "duration"))
    var interval: Duration?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if interval != nil, !watch { throw ValidationError("--interval goes with --watch.") }
    }

    func run() async throws {
        try await connection.withClient(reconnect: watch ? ReconnectPolicy() : .never) { client in
            while true {
                let lines = json ? try await jsonLines(client) : try await tableLines(client)
                let clears = watch && !json && StandardOutput.isTerminal
                try StandardOutput.write(
                    lines: clears ? ["\u{1B}[H\u{1B}[J" + (lines.first ?? "")] + lines.dropFirst() : lines
                )
                guard watch else { return }
                try await Task.sleep(for: interval ?? .seconds(2))
            }
        }
    }

    private func jsonLines(_ client: Client) async throws -> [String] {
        if queues.isEmpty { return [try await client.statistics().text.description] }
        return try await selected(client).map(\.text.description)
    }

    private func tableLines(_ client: Client) async throws -> [String] {
        if !queues.isEmpty { return StatisticsTable(try await selected(client)).lines }
        let broker = try await client.statistics()
        let all = try await client.statistics(of: client.allQueues().map(\.queue))
        return broker.lines(client.address) + (all.isEmpty ? [] : [""] + StatisticsTable(all).lines)
    }

    /// A name without a pattern must exist; a pattern may match nothing.
    private func selected(_ client: Client) async throws -> [QueueStatistics] {
        var selected: [QueueStatistics] = []
        for name in queues {
            if name.contains(where: { $0 == "*" || $0 == "?" }) {
                selected += try await client.statistics(of: client.allQueues(match: name).map(\.queue))
            } else {
                selected.append(try await client.statistics(of: name))
            }
        }
        return selected
    }
}
