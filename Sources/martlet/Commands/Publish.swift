import ArgumentParser
import MartletClient

struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a copy of a message to every queue bound to a topic.",
        discussion: "Prints how many queues got it."
    )

    @Argument(help: "The topic, such as order.17.paid.")
    var topic: String

    @OptionGroup var content: BodyArguments

    @Flag(help: "Fail if no queue is bound to the topic.")
    var mandatory = false

    @OptionGroup var arguments: MessageArguments
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let message = try arguments.message(try content.body())
        let routed = try await connection.withClient {
            try await $0.publish(message, topic: topic, mandatory: mandatory)
        }
        try StandardOutput.write(line: String(routed))
    }
}
