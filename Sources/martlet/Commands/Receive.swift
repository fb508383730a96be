import ArgumentParser
import MartletClient

struct Receive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take messages and show them, or run a command for each.",
        discussion: """
            martlet receive jobs --wait 30
            martlet receive jobs --follow
            martlet receive jobs --follow --exec './work.sh' --jobs 4

            A message is deleted once it has been written. With --auto-delete the broker deletes it as it hands it \
            over (at most once). With --keep it stays leased, and is shown with the receipt that `martlet delete`, \
            `release`, `extend` and `reject` take.

            --exec runs a shell command for each message, the body on its standard input. Exit 0 deletes the \
            message, anything else releases it. Its lease is extended while the command runs. The command finds \
            MARTLET_ID, MARTLET_QUEUE, MARTLET_ATTEMPT, MARTLET_HEADERS (JSON), MARTLET_PRIORITY, MARTLET_RECEIPT, \
            MARTLET_GROUP, MARTLET_TOPIC, MARTLET_REPLY_TO, MARTLET_CORRELATION, MARTLET_PRODUCER and \
            MARTLET_SERVER in its environment.

            Exit code 2 means that nothing came in time, 3 that a command failed. SIGINT and SIGTERM give back what \
            is not settled.
            """
    )

    @Argument(help: "The queues, tried in this order.")
    var queues: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("How many. (default: 1, or without end with --follow)", valueName: "n")
    )
    var max: Int?

    @Option(name: .shortAndLong, help: ArgumentHelp("How long to wait for a first one.", valueName: "duration"))
    var wait: Duration?

    @Flag(name: .shortAndLong, help: "Go on for ever, also when the broker comes back.")
    var follow = false

    @Option(
        help: ArgumentHelp(
            "How long a message is ours. (default: the queue's, or 60 s with --exec)",
            valueName: "duration"
        )
    )
    var lease: Duration?

    @Flag(help: "The broker deletes each message as it hands it over.")
    var autoDelete = false

    @Flag(help: "Leave messages leased, and show them with their receipt.")
    var keep = false

    @Flag(help: "Whole messages as lines of JSON, instead of bodies.")
    var json = false

    @Option(help: ArgumentHelp("Run this shell command for each message.", valueName: "command"))
    var exec: String?

    @Option(help: ArgumentHelp("With --exec: commands that run at the same time. (default: 1)", valueName: "n"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "With --exec: how long a message rests after its command failed. (default: as the queue says)",
            valueName: "duration"
        )
    )
    var releaseDelay: Duration?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if queues.isEmpty { throw ValidationError("Say which queue.") }
        if let max, max < 1 { throw ValidationError("--max must be at least 1.") }
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
        if exec == nil, jobs != nil || releaseDelay != nil {
            throw ValidationError("--jobs and --release-delay go with --exec.")
        }
        if keep, autoDelete || exec != nil {
            throw ValidationError("--keep goes neither with --auto-delete nor --exec.")
        }
        if follow, wait != nil { throw ValidationError("--follow waits for ever: it does not go with --wait.") }
        if keep, follow { throw ValidationError("--keep does not go with --follow.") }
    }

    func run() async throws {
        let outcome = try await connection.withClient(reconnect: follow ? ReconnectPolicy() : .never) { client in
            try await Interruption.guarding { try await receive(client) }
        }
        if outcome.messages == 0 { throw ExitCode(ExitStatus.nothing.rawValue) }
        if outcome.failures > 0, !follow { throw ExitCode(ExitStatus.commandFailed.rawValue) }
    }

    private func receive(_ client: Client) async throws -> Consumption.Outcome {
        if !follow { return try await receiveOnce(client) }
        return autoDelete ? try await takeForEver(client) : try await receiveForEver(client)
    }

    private func consumption(_ client: Client) -> Consumption {
        guard let exec else {
            let treatment = Consumption.Treatment.show(json: json || keep, deletes: !autoDelete && !keep)
            return consumption(client, treatment, parallel: 64)
        }
        let execution = Execution(
            command: exec,
            lease: lease ?? .seconds(60),
            releaseDelay: releaseDelay,
            json: json,
            settles: !autoDelete
        )
        return consumption(client, .execute(execution), parallel: parallelCommands)
    }

    private func consumption(_ client: Client, _ treatment: Consumption.Treatment, parallel: Int) -> Consumption {
        Consumption(
            treatment: treatment,
            parallel: parallel,
            limit: max,
            reconnects: follow,
            server: client.address
        )
    }

    private var parallelCommands: Int { jobs ?? 1 }

    private var askedLease: Duration? { exec == nil || autoDelete ? lease : lease ?? .seconds(60) }

    private func receiveForEver(_ client: Client) async throws -> Consumption.Outcome {
        let most = exec == nil ? 200 : parallelCommands
        let credit = min(most, max ?? most, 10_000)
        var messages = client.messages(queues: queues, credit: credit, lease: askedLease, autoDelete: autoDelete)
            .makeAsyncIterator()
        return try await consumption(client).run { try await messages.next() }
    }

    /// With --auto-delete messages are asked for and not pushed: what was pushed and not shown would be lost.
    private func takeForEver(_ client: Client) async throws -> Consumption.Outcome {
        var waiting: ArraySlice<Message> = []
        var left = max ?? .max
        return try await consumption(client).run {
            while waiting.isEmpty {
                waiting = try await take(Swift.min(left, exec == nil ? 200 : parallelCommands), client)[...]
                if Task.isCancelled, waiting.isEmpty { return nil }
                left -= waiting.count
            }
            return waiting.popFirst()
        }
    }

    private func take(_ count: Int, _ client: Client) async throws -> [Message] {
        do {
            return try await client.receive(
                from: queues,
                max: Swift.min(count, 1000),
                wait: .seconds(60),
                lease: lease,
                autoDelete: true
            )
        } catch is CancellationError {
            return []
        } catch ConnectionError.outcomeUnknown {
            // The broker went while we waited. The next request waits for it to come back.
            return []
        }
    }

    private func receiveOnce(_ client: Client) async throws -> Consumption.Outcome {
        let taken = try await client.receive(
            from: queues,
            max: min(max ?? 1, 1000),
            wait: wait ?? .zero,
            lease: askedLease,
            keep: keep,
            autoDelete: autoDelete
        )
        var rest = taken[...]
        let outcome: Result<Consumption.Outcome, any Error>
        do {
            outcome = .success(try await consumption(client).run { Task.isCancelled ? nil : rest.popFirst() })
        } catch {
            outcome = .failure(error)
        }
        let left = Array(rest)
        if !autoDelete, !left.isEmpty {
            try await Shield.run {
                for message in left { try await message.release(counted: false) }
            }
        }
        return try outcome.get()
    }
}
