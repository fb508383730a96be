import ArgumentParser
import MartletClient

struct Bind: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have a queue get a copy of what is published to matching topics."
    )

    @Argument(help: "The queue.")
    var queue: String

    @Argument(help: "The pattern: * is one word, # any number of words.")
    var topic: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { try await $0.bind(queue, to: topic) }
    }
}
