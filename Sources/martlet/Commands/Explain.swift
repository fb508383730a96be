import ArgumentParser
import MartletClient

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say why a queue delivers nothing more right now."
    )

    @Argument(help: "The queue.")
    var queue: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let reasons = try await connection.withClient { try await $0.explain(queue) }
        if reasons.isEmpty { return try StandardOutput.write(line: "messages flow") }
        try StandardOutput.write(lines: reasons.map { "\($0.code): \($0.text)" })
    }
}
