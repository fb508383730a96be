import ArgumentParser
import MartletClient

struct Redrive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make dead messages ready again, their attempts reset.",
        discussion: "Prints how many."
    )

    @Argument(help: "The queue.")
    var queue: String

    @Option(help: ArgumentHelp("How many at most. (default: all)", valueName: "n"))
    var max: Int?

    @Option(help: ArgumentHelp("Move them to this queue. (default: where they are)", valueName: "queue"))
    var to: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let moved = try await connection.withClient { try await $0.redrive(queue, max: max, to: to) }
        try StandardOutput.write(line: String(moved))
    }
}
