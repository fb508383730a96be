import ArgumentParser
import FoundationEssentials
import MartletClient

struct Extend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the lease of a message end later, or sooner.",
        discussion: "Prints when it ends, in Unix milliseconds."
    )

    @OptionGroup var selection: MessageSelection

    @Argument(help: "How long from now.")
    var lease: Duration

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let end = try await connection.withClient {
            try await $0.extend(selection.message, in: selection.queue, lease: lease)
        }
        try StandardOutput.write(line: String(Int((end.timeIntervalSince1970 * 1000).rounded())))
    }
}
