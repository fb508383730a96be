import ArgumentParser
import MartletClient

struct Declare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create a queue, or change its settings.",
        discussion: "Settings that are not named keep their value. Prints all of them."
    )

    @Argument(help: "The queue.")
    var queue: String

    @OptionGroup(title: "Settings") var arguments: SettingsArguments
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withClient { try await $0.declare(queue, arguments.settings) }
        StandardError.write(answer.isNew ? "\(queue) is new\n" : "\(queue) was there\n")
        try StandardOutput.write(lines: SettingsArguments.lines(answer.settings))
    }
}
