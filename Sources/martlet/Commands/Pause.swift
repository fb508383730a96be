import ArgumentParser
import MartletClient

struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop a queue from taking or handing out messages, until it is resumed."
    )

    @Argument(help: "The queue.")
    var queue: String

    @Option(help: "What is paused.")
    var direction = Client.Direction.both

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { try await $0.pause(queue, direction: direction) }
    }
}
