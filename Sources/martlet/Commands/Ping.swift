import ArgumentParser
import MartletClient

struct Ping: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask whether the broker answers, and how fast."
    )

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let begin = ContinuousClock.now
            try await client.ping()
            let microseconds = Int((ContinuousClock.now - begin) / .microseconds(1))
            let greeting = try await client.hello()
            let broker = "\(greeting.server) \(greeting.version)"
            try StandardOutput.write(line: "\(broker) at \(client.address) answers in \(microseconds) µs")
        }
    }
}
