import Dispatch
import Glibc
import Logging
import MartletBroker
import MartletJournal
import MartletProtocol
import MartletServer
import MartletSystemd

/// The running daemon: opens the sockets, serves, reloads, and drains when it is told to end.
final class Daemon: Sendable {
    private let log: Logger
    private let server: Server
    private let reload: Reload
    private let supervisor = Supervisor()
    private let report: ServiceReport
    private let control: ControlSocket?
    private let journal: (any Journal)?
    private let configuration: JournalConfiguration
    /// Under `memory`.
    private let dump: Dump?
    private let isEnding = EndingFlag()

    /// Serves until a signal ends the process.
    static func serve(_ configuration: Configuration, _ source: SettingsSource, _ signals: SignalWait) -> Never {
        // Before the first thread: it takes the descriptors' variables out of the environment.
        let inherited = InheritedDescriptor.takeAll()
        let threshold = StandardErrorLog.Threshold(configuration.logLevel)
        bootstrapLog(threshold)
        do {
            let daemon = try Daemon(configuration, source, threshold, inherited)
            let timer = daemon.report.start()
            withExtendedLifetime(timer) { daemon.obey(signals) }
        } catch let error as ListenError {
            FailedStart(error).end()
        } catch let error as JournalError {
            FailedStart(reason: error.description, status: .journal).end()
        } catch let failure as Restoration.Failure {
            FailedStart(reason: failure.description, status: .journal).end()
        } catch let error as SystemError {
            FailedStart(reason: error.description, status: .operatingSystem, number: error.number).end()
        } catch {
            FailedStart(reason: "\(error)", status: .operatingSystem).end()
        }
    }

    private static func bootstrapLog(_ threshold: StandardErrorLog.Threshold) {
        let isJournald = JournaldLog.isStandardError
        LoggingSystem.bootstrap { _ -> any LogHandler in
            isJournald ? JournaldLog { threshold.level } : StandardErrorLog(threshold: threshold)
        }
    }

    private init(
        _ given: Configuration,
        _ source: SettingsSource,
        _ threshold: StandardErrorLog.Threshold,
        _ inherited: [InheritedDescriptor]
    ) throws {
        var configuration = given
        let doubt = DescriptorLimit.bound(&configuration)
        let log = Logger(label: "martletd")
        self.log = log
        log.info("martletd \(Version.current), protocol 1")
        for warning in source.warnings + [doubt].compactMap(\.self) { log.warning("\(warning)") }
        let listeners = try Self.listeners(configuration, inherited, log)
        let loops = configuration.ioThreads > 0 ? configuration.ioThreads : Self.automaticLoops
        let now = Clock.now()
        // Receipts of an earlier run must not name leases of this one: the wall clock has moved on since. The outbox
        // behind those of the loops is that of our own session, if there is room for one more.
        let outboxes = min(64, loops + 1)
        var settings = configuration.broker
        settings.durability = configuration.journal.durability
        let broker = Broker(settings: settings, loops: outboxes, incarnation: UInt64(now.wall), now: now)
        let watch = JournalWatch(configuration.journal, in: Restoration.place(configuration.journal), log)
        dump = configuration.journal.mode == .memory ? try Dump(configuration.journal, log) : nil
        let restoration = Restoration(
            configuration: configuration.journal,
            dump: dump,
            supervisor: supervisor,
            log: log,
            watch: watch
        )
        journal = try restoration.restore(broker, kept: inherited.filter(ServiceSockets.isJournal))
        let events = ServerEventLog(log)
        server = try Server(broker: broker, loops: loops, journal: journal, bell: restoration.bell) { events.write($0) }
        self.configuration = configuration.journal
        reload = Reload(
            server: server,
            source: source,
            threshold: threshold,
            running: configuration,
            supervisor: supervisor,
            log: log
        )
        let own = outboxes > loops ? OwnSession(server: server, loop: loops) : nil
        report = ServiceReport(supervisor: supervisor, server: server, own: own, watch: watch, log: log)
        control = try Self.control(reload)
        reload.declare(configuration)
        try server.start(listeners: listeners)
        announce(listeners)
        if let journal { watch.watch(journal) { [self] in heed($0) } }
    }

    private func announce(_ listeners: [Listener]) {
        for listener in listeners { log.info("listening on \(listener.address)") }
        if listeners.isEmpty { log.warning("listening nowhere: neither listen nor unix names an address") }
        log.log(.started, .info, "ready")
        supervisor.tell(.ready(status: report.line))
    }

    private static func control(_ reload: Reload) throws(ListenError) -> ControlSocket? {
        guard let path = ControlPath.ofService else { return nil }
        return try ControlSocket(path: path) { question in
            guard question == "reload" else { return "the only question is `reload`" }
            return reload.run()?.description ?? ReloadRequest.done
        }
    }

    /// The sockets of the socket unit, or else those that the configuration names.
    private static func listeners(
        _ configuration: Configuration,
        _ inherited: [InheritedDescriptor],
        _ log: Logger
    ) throws(ListenError) -> [Listener] {
        let passed = try ServiceSockets.listeners(among: inherited, log: log)
        guard passed.isEmpty else {
            log.info("the sockets were passed by systemd: `listen` and `unix` of the configuration do not count")
            ServiceSockets.warnOfOthers(in: configuration, passed: passed.map(\.address), log: log)
            return passed
        }
        return try open(configuration)
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
        while true {
            switch signals.next() {
            case .reload: reload.run()
            case .end where isEnding.raise():
                // Draining takes its time; a second signal must be heard meanwhile.
                DispatchQueue.global().async { self.drain(.success) }
            case .end: hurry()
            }
        }
    }

    /// A second signal has come. Nothing that was promised is lost by it: a dump is written all the same.
    private func hurry() {
        guard dumpAtEnd != nil else {
            log.warning("ended by a second signal")
            exit(ExitStatus.success.rawValue)
        }
        log.warning("a second signal: connections are cut off, and messages are dumped")
        server.cutOff()
    }

    /// Where the end writes everything down, if it does.
    private var dumpAtEnd: Dump? { reload.running.journal.dumpsOnStop ? dump : nil }

    /// The journal takes more or less than before.
    private func heed(_ intake: JournalIntake) {
        // On the journal's thread, which waits for nothing here.
        DispatchQueue.global().async { [self] in
            report.reportStatus()
            guard case .failed = intake, configuration.onFailure == .exit, isEnding.raise() else { return }
            drain(.journal)
        }
    }

    private func drain(_ status: ExitStatus) -> Never {
        log.log(.draining, .info, "draining")
        report.beginEnd()
        supervisor.tell(.stopping(status: "draining: \(report.line)"))
        control?.close()
        server.drain(milliseconds: reload.limits.drainTimeout)
        if let dumpAtEnd { server.enterEnded { dumpAtEnd.write($0) } }
        log.log(.stopped, .info, "stopped")
        exit(status.rawValue)
    }
}
