import ArgumentParser
import MartletClient

struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove a queue.")

    @Argument(help: "The queue.")
    var queue: String

    @Flag(name: .shortAndLong, help: "Even if it holds messages, which are lost.")
    var force = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { try await $0.drop(queue, force: force) }
    }
}
