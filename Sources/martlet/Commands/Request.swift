import ArgumentParser
import MartletClient

struct Request: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a request as it is, and print the reply.",
        discussion: #"martlet request '{"op":"peek","queue":"jobs","max":3}'"#
    )

    @Argument(help: "One JSON object with an \"op\".")
    var request: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try StandardOutput.write(line: try await connection.withClient { try await $0.request(request) })
    }
}
