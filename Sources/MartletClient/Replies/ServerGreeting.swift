/// What a broker says about itself.
public struct ServerGreeting: Equatable, Sendable {
    /// `martlet`.
    public let server: String
    public let version: String
    /// Of the protocol.
    public let protocolVersion: Int
    /// What survives what: `none`, `memory` or `disk`.
    public let durability: String
    /// The broker's limits, an object.
    public let limits: JSONText?

    init(_ reply: Reply) {
        server = reply.object["server"]?.string ?? ""
        version = reply.object["version"]?.string ?? ""
        protocolVersion = reply.object["protocol"]?.integer ?? 1
        durability = reply.object["durability"]?.string ?? ""
        limits = reply.object["limits"]?.text
    }
}
