import ArgumentParser
import FoundationEssentials
import MartletClient

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what was sent to a queue and how it ended.",
        discussion: "A queue keeps as many records as its setting `history` says; none by default."
    )

    @Argument(help: "The queue.")
    var queue: String

    @Option(help: ArgumentHelp("Only what this producer has sent.", valueName: "name"))
    var producer: String?

    @Option(help: ArgumentHelp("Only what this consumer has processed.", valueName: "name"))
    var consumer: String?

    @Option(help: ArgumentHelp("Only ids above this one.", valueName: "id"))
    var after: Int?

    @Option(name: .shortAndLong, help: ArgumentHelp("How many at most. (default: 100)", valueName: "n"))
    var max: Int?

    @Flag(help: "Records as lines of JSON.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let records = try await connection.withClient {
            try await $0.history(of: queue, producer: producer, consumer: consumer, after: after, max: max)
        }
        if json { return try StandardOutput.write(lines: records.map(\.text.description)) }
        var table = Table(["OUTCOME", "ID", "ATTEMPTS", "TOOK", "PRODUCER", "CONSUMER"])
        for record in records {
            table.append([
                record.outcome ?? "pending", String(record.id), String(record.attempts),
                record.endedAt.map { Swift.max(0, $0.timeIntervalSince(record.sentAt)).asDuration } ?? "-",
                record.producer ?? "-", record.consumer ?? "-",
            ])
        }
        try StandardOutput.write(lines: table.lines(lastColumnIsText: true))
    }
}
