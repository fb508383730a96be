import ArgumentParser
import MartletClient

struct Bindings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List which queue is bound to which topic pattern.")

    @Argument(help: "Only those of this queue.")
    var queue: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let bindings = try await connection.withClient { try await $0.bindings(of: queue) }
        var table = Table(["QUEUE", "TOPIC"])
        for binding in bindings { table.append([binding.queue, binding.topic]) }
        try StandardOutput.write(lines: table.lines(lastColumnIsText: true))
    }
}
