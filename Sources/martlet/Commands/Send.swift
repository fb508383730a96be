import ArgumentParser
import MartletClient

struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a message into a queue, or each line of a file.",
        discussion: """
            martlet send jobs hello there
            martlet send jobs --json '{"order": 17}' --priority 9
            generate | martlet send jobs --json
            martlet send jobs --lines orders.txt

            Prints the message's id. With --lines it sends many messages at once, and those of a file that was sent \
            in part stay sent; with --dedup PREFIX each line is marked PREFIX:NUMBER, so that an interrupted run can \
            be repeated without sending anything twice.
            """
    )

    @Argument(help: "The queue.")
    var queue: String

    @OptionGroup var content: BodyArguments

    @Option(help: ArgumentHelp("Send each line of this file as a message; - is standard input.", valueName: "file"))
    var lines: String?

    @Option(help: ArgumentHelp("With --lines: messages sent and not yet confirmed.", valueName: "n"))
    var inFlight = 1000

    @OptionGroup var arguments: MessageArguments
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if lines != nil, !content.text.isEmpty { throw ValidationError("--lines and a text exclude each other.") }
        if inFlight < 1 { throw ValidationError("--in-flight must be at least 1.") }
    }

    func run() async throws {
        if let lines { return try await send(linesOf: lines) }
        let message = try arguments.message(try content.body())
        let sent = try await connection.withClient { try await $0.send(message, to: queue) }
        if sent.isDuplicate { StandardError.write("a duplicate of message \(sent.id): \(sent.state ?? .gone)\n") }
        try StandardOutput.write(line: String(sent.id))
    }

    private func send(linesOf path: String) async throws {
        var input = try LineReader(path)
        // A repeated send does harm only without dedup, and the library knows that.
        let patience = ReconnectPolicy(attempts: arguments.dedup == nil ? 0 : 10)
        try await connection.withClient(reconnect: patience) { client in
            var progress = ProgressBar(total: input.size)
            var underWay: ArraySlice<PendingSend> = []
            var number = 0
            var sent = 0
            while let line = try input.next() {
                number += 1
                if line.isEmpty, content.json { continue }
                if underWay.count >= inFlight, let first = underWay.popFirst() {
                    _ = try await first.sent
                    sent += 1
                }
                underWay.append(client.submit(try message(line, number: number), to: queue))
                progress.show(messages: sent, bytes: input.position)
            }
            for rest in underWay {
                _ = try await rest.sent
                sent += 1
            }
            progress.finish(messages: sent)
        }
    }

    private func message(_ line: [UInt8], number: Int) throws -> OutgoingMessage {
        do {
            var message = try arguments.message(try BodyArguments.body(line, json: content.json))
            message.dedup = arguments.dedup.map { "\($0):\(number)" }
            return message
        } catch {
            throw InputFailure(status: .badInput, description: "line \(number): \(error)")
        }
    }
}
