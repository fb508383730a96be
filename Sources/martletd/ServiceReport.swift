import Dispatch
import Logging
import MartletServer
import MartletSystemd
import Synchronization

/// Tells the service manager, again and again, how the broker stands and that it is alive.
///
/// Alive means that every loop has taken a turn, and with it entered the core, since we last said so. A loop that is
/// stuck, or one that keeps the core to itself, ends the pings, and the watchdog restarts the service. Nothing is
/// measured from the outside: a machine that is merely slow turns all the same.
///
/// Without a service manager there is no report, and no timer.
final class ServiceReport: Sendable {
    /// Seconds between two looks at the figures, unless the watchdog wants to hear of us more often.
    private static let calmPace = 5.0

    private let supervisor: Supervisor
    private let server: Server
    private let own: OwnSession?
    private let watch: JournalWatch
    private let log: Logger
    private let state = Mutex(State())

    private struct State {
        /// The pulse when we last said that we are alive.
        var pulse: Server.Pulse?
        var line = ""
        /// Loops that had not turned when we last looked.
        var stuck: [Int] = []
        /// The end has begun: loops that are done turn no more.
        var isEnding = false
    }

    init(supervisor: Supervisor, server: Server, own: OwnSession?, watch: JournalWatch, log: Logger) {
        self.supervisor = supervisor
        self.server = server
        self.own = own
        self.watch = watch
        self.log = log
    }

    /// The figures of this moment in one line.
    var line: String {
        let figures = own?.status()?.text.line ?? "serving"
        return watch.trouble.map { "\($0); \(figures)" } ?? figures
    }

    /// Begins to report. The timer lives as long as the process.
    func start() -> (any DispatchSourceTimer)? {
        guard supervisor.isPresent else { return nil }
        // Four chances in each interval, so that neither a late timer nor one long turn is taken for death.
        let interval = min(Self.calmPace, supervisor.watchdogInterval.map { Double($0) / 4_000_000 } ?? Self.calmPace)
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "martletd.report"))
        timer.schedule(deadline: .now(), repeating: interval, leeway: .milliseconds(Int(interval * 100)))
        timer.setEventHandler { [self] in
            reportLife()
            reportStatus()
        }
        timer.resume()
        return timer
    }

    /// From now on the bound on our life is that of the drain, and the unit's `TimeoutStopSec=`.
    func beginEnd() { state.withLock { $0.isEnding = true } }

    private func reportLife() {
        let pulse = server.pulse()
        let newlyStuck: [Int] = state.withLock { state in
            guard let earlier = state.pulse, !state.isEnding else {
                state.pulse = pulse
                supervisor.tell(.alive)
                return []
            }
            let stuck = pulse.stuckLoops(since: earlier)
            defer { state.stuck = stuck }
            guard stuck.isEmpty else { return stuck.filter { !state.stuck.contains($0) } }
            state.pulse = pulse
            supervisor.tell(.alive)
            return []
        }
        for loop in newlyStuck { reportStuck(loop) }
    }

    private func reportStuck(_ loop: Int) {
        log.log(
            .loopStuck,
            .error,
            "event loop \(loop) takes no turns: the watchdog is not fed until it does",
            metadata: ["loop": "\(loop)"]
        )
    }

    /// Tells how things stand, if that has changed.
    func reportStatus() {
        let line = line
        let isNew = state.withLock { state in
            guard !state.isEnding, state.line != line else { return false }
            state.line = line
            return true
        }
        if isNew { supervisor.tell(.status(line)) }
    }
}
