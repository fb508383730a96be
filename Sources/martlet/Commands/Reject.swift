import ArgumentParser
import MartletClient

struct Reject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give up on a leased message: it is dead, or moves to the queue's dead-letter queue."
    )

    @OptionGroup var selection: MessageSelection

    @Option(help: "Why, for the person who finds it; at most 256 bytes.")
    var reason: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient {
            try await $0.reject(selection.message, in: selection.queue, reason: reason)
        }
    }
}
