/// Whom an event of epoll is for, as the number that is registered with a descriptor.
enum EventSource {
    case connection(ConnectionID)
    case listener(Int)
    case wakeup

    /// Connections have the numbers below it, the others the numbers from it on.
    private static let first: UInt64 = 1 << 63

    init(rawValue: UInt64) {
        if rawValue < Self.first {
            self = .connection(ConnectionID(rawValue: rawValue))
        } else {
            self = rawValue == .max ? .wakeup : .listener(Int(rawValue - Self.first))
        }
    }

    var rawValue: UInt64 {
        switch self {
        case .connection(let id): id.rawValue
        case .listener(let index): Self.first + UInt64(index)
        case .wakeup: .max
        }
    }
}
