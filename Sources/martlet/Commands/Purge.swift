import ArgumentParser
import MartletClient

struct Purge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Delete the messages of a queue.",
        discussion: "Prints how many."
    )

    @Argument(help: "The queue.")
    var queue: String

    @Option(help: "Only messages that are ready, delayed, leased or dead; or all. (default: all but the leased ones)")
    var state: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let purged = try await connection.withClient {
            try await $0.purge(queue, state: state.map { MessageState(rawValue: $0) })
        }
        try StandardOutput.write(line: String(purged))
    }
}
