import ArgumentParser
import MartletClient

struct Unbind: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Undo a bind.")

    @Argument(help: "The queue.")
    var queue: String

    @Argument(help: "The pattern, as it was bound.")
    var topic: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { try await $0.unbind(queue, from: topic) }
    }
}
