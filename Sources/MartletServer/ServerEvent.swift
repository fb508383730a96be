/// What an administrator may want to read about the server's life; one line each.
package enum ServerEvent: Equatable, Sendable, CustomStringConvertible {
    /// No descriptors or memory for more connections: those that come wait in the kernel's queue meanwhile.
    case acceptingPaused(SystemError)
    case acceptingResumed
    /// A connection could not be served for want of the system's resources.
    case connectionRefused(SystemError)

    package var description: String {
        switch self {
        case .acceptingPaused(let error): "accepting no connections for the time being: \(error)"
        case .acceptingResumed: "accepting connections again"
        case .connectionRefused(let error): "a connection was refused: \(error)"
        }
    }
}
