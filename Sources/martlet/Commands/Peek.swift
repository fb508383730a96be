import ArgumentParser
import FoundationEssentials
import MartletClient

struct Peek: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at messages without taking them.",
        discussion: "Exit code 2 means that there is none."
    )

    @Argument(help: "The queue.")
    var queue: String

    @Option(help: "This message, whatever its state.")
    var id: Int?

    @Option(help: "Messages that are ready, delayed, leased or dead.")
    var state = "ready"

    @Option(name: .shortAndLong, help: ArgumentHelp("How many at most.", valueName: "n"))
    var max = 10

    @Flag(help: "Whole messages as lines of JSON.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let messages = try await connection.withClient { client in
            if let id { return [try await client.peek(queue, id: id)] }
            return try await client.peek(queue, state: MessageState(rawValue: state), max: max)
        }
        if messages.isEmpty { throw ExitCode(ExitStatus.nothing.rawValue) }
        if json {
            for message in messages { try MessageText.write(message, json: true) }
        } else {
            try StandardOutput.write(lines: table(messages).lines(lastColumnIsText: true))
        }
    }

    private func table(_ messages: [Message]) -> Table {
        var table = Table(["ID", "STATE", "PRIORITY", "ATTEMPT", "AGE", "BODY"])
        let now = Date()
        for message in messages {
            let body = MessageText.harmless(message.body.bytes)
            table.append([
                String(message.id), message.state?.rawValue ?? "", String(message.priority), String(message.attempt),
                Swift.max(0, now.timeIntervalSince(message.sentAt)).asDuration,
                body.count > 100 ? body.prefix(99) + "…" : body,
            ])
        }
        return table
    }
}
