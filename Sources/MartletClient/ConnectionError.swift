/// Why a request has no answer from the server.
public enum ConnectionError: Error, Equatable, Sendable {
    /// No connection could be made. The request was not sent.
    case cannotConnect(ServerAddress, reason: String)
    /// The connection was lost after the request had been sent and before its reply: it may or may not have been
    /// carried out. A send that carries `dedup` never fails in this way: it is repeated.
    case outcomeUnknown(reason: String)
    /// The connection was lost and is not made again. The request was not sent.
    case lost(reason: String)
    /// The client was closed. The request was not sent, or its outcome is unknown if the close cut it short.
    case closed
    /// The server said something that is not the protocol; the connection was given up.
    case malformedReply(String)
}

extension ConnectionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotConnect(let address, let reason): "cannot connect to \(address): \(reason)"
        case .outcomeUnknown(let reason):
            "the connection was lost (\(reason)) before the reply: the request may or may not have been carried out"
        case .lost(let reason): "the connection was lost: \(reason)"
        case .closed: "the client is closed"
        case .malformedReply(let reason): "the server does not speak the Martlet protocol: \(reason)"
        }
    }
}
