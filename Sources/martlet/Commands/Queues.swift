import ArgumentParser
import MartletClient

struct Queues: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the queues, by name.",
        discussion: "Only the names; `martlet stats` shows the figures."
    )

    @Argument(help: "Only names that match: * is any characters, ? is one.")
    var match: String?

    @Flag(help: "A line of JSON for each queue, with its figures.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let queues = try await connection.withClient { try await $0.allQueues(match: match) }
        try StandardOutput.write(lines: queues.map { json ? $0.text.description : $0.queue })
    }
}
