import Dispatch
import Glibc
import Logging
import MartletBroker
import MartletProtocol
import MartletServer

/// The running daemon: opens the sockets, serves, reloads, and drains when it is told to end.
final class Daemon: Sendable {
    private let log: Logger
    private let server: Server
    private let reload: Reload

    /// Serves until a signal ends the process.
    static func serve(_ configuration: Configuration, _ source: SettingsSource, _ signals: SignalWait) -> Never {
        let threshold = StandardErrorLog.Threshold(configuration.logLevel)
        LoggingSystem.bootstrap { _ in StandardErrorLog(threshold: threshold) }
        do {
            let daemon = try Daemon(configuration, source, threshold)
            daemon.obey(signals)
        } catch let error as ListenError {
            end(because: error.description, with: error.exitStatus)
        } catch {
            end(because: "\(error)", with: .operatingSystem)
        }
    }

    /// Ends a start that cannot succeed, with one line that says why.
    static func end(because reason: String, with status: ExitStatus) -> Never {
        let line = Array("martletd: \(reason)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(status.rawValue)
    }

    private init(
        _ configuration: Configuration,
        _ source: SettingsSource,
        _ threshold: StandardErrorLog.Threshold
    ) throws {
        let log = Logger(label: "martletd")
        self.log = log
        log.info("martletd \(Version.current), protocol 1")
        let listeners = try Self.open(configuration)
        let loops = configuration.ioThreads > 0 ? configuration.ioThreads : Self.automaticLoops
        let now = Clock.now()
        // Receipts of an earlier run must not name leases of this one: the wall clock has moved on since.
        let broker = Broker(settings: configuration.broker, loops: loops, incarnation: UInt64(now.wall), now: now)
        server = try Server(broker: broker, loops: loops) { log.warning("\($0)") }
        reload = Reload(server: server, source: source, threshold: threshold, running: configuration, log: log)
        reload.declare(configuration)
        try server.start(listeners: listeners)
        for listener in listeners { log.info("listening on \(listener.address)") }
        if listeners.isEmpty { log.warning("listening nowhere: neither listen nor unix names an address") }
    }

    private static func open(_ configuration: Configuration) throws(ListenError) -> [Listener] {
        var listeners: [Listener] = []
        for address in configuration.listen { listeners += try Listener.open(address) }
        for path in configuration.unix {
            listeners += try Listener.open(.unix(path: path), fileMode: configuration.unixMode)
        }
        return listeners
    }

    private static var automaticLoops: Int { max(1, min(4, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 2)) }

    // MARK: Signals

    private func obey(_ signals: SignalWait) -> Never {
        let isEnding = EndingFlag()
        while true {
            switch signals.next() {
            case .reload: reload.run()
            case .end where isEnding.raise():
                // Draining takes its time; a second signal must be heard meanwhile.
                DispatchQueue.global().async { self.drain() }
            case .end: Self.end(because: "ended by a second signal", with: .success)
            }
        }
    }

    private func drain() -> Never {
        log.info("draining")
        server.drain(milliseconds: reload.limits.drainTimeout)
        log.info("stopped")
        exit(ExitStatus.success.rawValue)
    }
}

extension ListenError {
    fileprivate var exitStatus: ExitStatus {
        switch self {
        case .addressInUse: .addressInUse
        case .notPermitted: .notPermitted
        case .failed(.unix, _): .cannotCreate
        case .noSuchHost, .pathTooLong: .configuration
        case .failed, .notListening: .operatingSystem
        }
    }
}
