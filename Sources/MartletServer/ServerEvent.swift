/// What an administrator may want to read about the server's life; one line each.
package enum ServerEvent: Equatable, Sendable, CustomStringConvertible {
    /// No descriptors or memory for more connections: those that come wait in the kernel's queue meanwhile.
    case acceptingPaused(SystemError)
    case acceptingResumed
    /// A connection could not be served for want of the system's resources.
    case connectionRefused(SystemError)
    /// A connection was told `too_many` and closed.
    case tooManyConnections(peer: SocketAddress?, maximum: Int)
    /// A connection was closed because its peer did not read what was owed to it.
    case slowPeerClosed(peer: SocketAddress?)

    package var description: String {
        switch self {
        case .acceptingPaused(let error): "accepting no connections for the time being: \(error)"
        case .acceptingResumed: "accepting connections again"
        case .connectionRefused(let error): "a connection was refused: \(error)"
        case .tooManyConnections(let peer, let maximum):
            "a connection\(Self.from(peer)) was refused: there are \(maximum), as many as max_connections allows"
        case .slowPeerClosed(let peer):
            "a connection\(Self.from(peer)) was closed: its peer did not read within slow_peer_timeout"
        }
    }

    /// Who caused it, if a peer did. Peers of Unix sockets have no address.
    package var peer: SocketAddress? {
        switch self {
        case .tooManyConnections(let peer, _), .slowPeerClosed(let peer): peer
        case .acceptingPaused, .acceptingResumed, .connectionRefused: nil
        }
    }

    private static func from(_ peer: SocketAddress?) -> String { peer.map { " from \($0)" } ?? "" }
}
