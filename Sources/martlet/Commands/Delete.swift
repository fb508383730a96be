import ArgumentParser
import MartletClient

struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Delete a message for good.",
        discussion: "By receipt if you have leased it with `receive --keep`, or by id with --force."
    )

    @OptionGroup var selection: MessageSelection

    @Flag(name: .shortAndLong, help: "Even if it is not leased, or leased to someone else.")
    var force = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient {
            try await $0.delete(selection.message, from: selection.queue, force: force)
        }
    }
}
