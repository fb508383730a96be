import ArgumentParser
import Glibc
import MartletClient

/// Where the broker is, and who we are. Every command that talks to one has these.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: [.customShort("s"), .long],
        help: ArgumentHelp(
            "Where the broker is. (default: MARTLET_SERVER, or else 127.0.0.1:6278)",
            valueName: "host:port|unix:path"
        )
    )
    var server: String?

    @Option(help: ArgumentHelp("What this client is called in the broker's history.", valueName: "name"))
    var name: String?

    /// Connects, runs `body`, and closes in good order.
    ///
    /// - Parameter reconnect: Most commands are over before a second attempt would make sense.
    func withClient<Value>(
        reconnect: ReconnectPolicy = .never,
        _ body: (Client) async throws -> Value
    ) async throws -> Value {
        let client = try await connect(reconnect)
        do {
            let value = try await body(client)
            await client.close()
            return value
        } catch {
            await client.close(grace: .seconds(1))
            throw error
        }
    }

    private func connect(_ reconnect: ReconnectPolicy) async throws -> Client {
        var options = ClientOptions()
        options.name = name
        // In the environment and not an option, because every user of the machine can read a command line.
        options.token = getenv("MARTLET_TOKEN").map { String(cString: $0) }
        options.reconnect = reconnect
        let address = try server.map { text in try ServerAddress(text) }
        return try await Client.connect(to: address, options: options)
    }
}
