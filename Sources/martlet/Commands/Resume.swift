import ArgumentParser
import MartletClient

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Undo a pause.")

    @Argument(help: "The queue.")
    var queue: String

    @Option(help: "What is resumed.")
    var direction = Client.Direction.both

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { try await $0.resume(queue, direction: direction) }
    }
}
