import Logging
import MartletServer
import MartletSystemd
import Synchronization

/// Writes what the server reports to the log. Peers can cause such events as fast as they can connect, so each kind has
/// an allowance, and what is left out is counted.
final class ServerEventLog: Sendable {
    private let log: Logger
    private let allowances = Mutex<[String: LogAllowance]>([:])

    init(_ log: Logger) { self.log = log }

    func write(_ event: ServerEvent) {
        let verdict = allowances.withLock { allowances in
            // Ten lines of a kind in ten seconds are enough for a person to see what is going on.
            allowances[event.kind, default: LogAllowance(burst: 10, span: 10_000)].take(now: Clock.now().monotonic)
        }
        guard case .write(let suppressed) = verdict else { return }
        let rest = suppressed > 0 ? " (\(suppressed) such lines were left out before this one)" : ""
        var metadata: Logger.Metadata = [:]
        if let peer = event.peer { metadata["peer"] = "\(peer)" }
        if let catalogued = event.catalogued {
            log.log(catalogued, .warning, "\(event)\(rest)", metadata: metadata)
        } else {
            log.warning("\(event)\(rest)", metadata: metadata)
        }
    }
}

extension ServerEvent {
    fileprivate var kind: String {
        switch self {
        case .acceptingPaused: "paused"
        case .acceptingResumed: "resumed"
        case .connectionRefused: "refused"
        case .tooManyConnections: "too many"
        case .slowPeerClosed: "slow"
        }
    }

    fileprivate var catalogued: CataloguedEvent? {
        switch self {
        case .acceptingPaused: .acceptingPaused
        case .tooManyConnections: .tooManyConnections
        case .slowPeerClosed: .slowPeer
        case .acceptingResumed, .connectionRefused: nil
        }
    }
}
