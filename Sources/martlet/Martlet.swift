import ArgumentParser
import Glibc

/// `martlet`: a thin command line over the client library, one command a file in `Commands`.
@main
struct Martlet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Talk to a Martlet broker.",
        discussion: """
            The broker is at --server, or else at MARTLET_SERVER, or else at 127.0.0.1:6278. Durations are seconds \
            (1.5) or carry a unit (250ms, 10s, 5m, 2h, 1d).

            Exit codes: 0 done · 1 the broker refused · 2 nothing there, or nothing came in time · \
            3 a command failed · 64 wrong usage · 65 input is not what it should be · 66 a file cannot be read · \
            69 no broker can be reached · 74 output cannot be written · 75 the connection was lost and the outcome \
            is unknown · 130 and 143 interrupted by SIGINT and SIGTERM. A reader of the output that goes away is no \
            error.
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "Messages",
                subcommands: [Send.self, Receive.self, Peek.self, Delete.self, Release.self, Extend.self, Reject.self]
            ),
            CommandGroup(
                name: "Queues",
                subcommands: [
                    Queues.self, Declare.self, Drop.self, Pause.self, Resume.self, Purge.self, Redrive.self,
                ]
            ),
            CommandGroup(
                name: "Topics",
                subcommands: [Publish.self, Bind.self, Unbind.self, Bindings.self]
            ),
            CommandGroup(
                name: "Watching",
                subcommands: [Top.self, Stats.self, Explain.self, History.self, Ping.self]
            ),
            CommandGroup(name: "Others", subcommands: [Request.self, Completion.self]),
        ]
    )

    static func main() async {
        // A reader that goes away is noticed by the write that fails, which ends the program without a fuss.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            ExitStatus.end(because: error)
        }
    }
}
