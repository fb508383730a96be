/// How a client behaves. Every field has a default that suits a long-running program.
public struct ClientOptions: Equatable, Sendable {
    /// What this producer or consumer is called in the server's history; 1 to 128 bytes.
    public var name: String?
    /// The secret that the server may ask for.
    public var token: String?
    /// How long a connection and the server's first word may take.
    public var connectTimeout: Duration = .seconds(5)
    public var reconnect = ReconnectPolicy()
    /// Requests sent and not yet answered; further ones wait in the client for their turn. The server's own limit
    /// is 10,000.
    public var requestsInFlight = 8_000
    /// A longer reply ends the connection, in bytes: a bound on what a broken server can make the client hold.
    public var replyLimit = 256 << 20

    public init() {}

    /// - Parameter name: What this producer or consumer is called in the server's history.
    public init(name: String) {
        self.name = name
    }
}
