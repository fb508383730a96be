import ArgumentParser
import MartletClient

struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give a leased message back, to be delivered again."
    )

    @OptionGroup var selection: MessageSelection

    @Option(help: ArgumentHelp("Not again before this has passed.", valueName: "duration"))
    var delay: Duration?

    @Flag(help: "This delivery does not count towards the queue's max_attempts.")
    var uncounted = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient {
            try await $0.release(selection.message, in: selection.queue, delay: delay, counted: !uncounted)
        }
    }
}
