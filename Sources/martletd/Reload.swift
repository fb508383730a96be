import Logging
import MartletBroker
import MartletProtocol
import MartletServer
import Synchronization

/// Reads the configuration again while the daemon runs. A configuration with a mistake changes nothing.
final class Reload: Sendable {
    private let server: Server
    private let threshold: StandardErrorLog.Threshold
    private let log: Logger
    private let state: Mutex<State>

    private struct State {
        let source: SettingsSource
        /// What is in force.
        var running: Configuration
    }

    init(
        server: Server,
        source: SettingsSource,
        threshold: StandardErrorLog.Threshold,
        running: Configuration,
        log: Logger
    ) {
        self.server = server
        self.threshold = threshold
        self.log = log
        state = Mutex(State(source: source, running: running))
    }

    var limits: Limits { state.withLock { $0.running.broker.limits } }

    func run() {
        state.withLock { state in
            do throws(ConfigurationError) {
                apply(try state.source.read(), &state)
            } catch {
                log.error("not reloaded: \(error)")
            }
        }
    }

    private func apply(_ configuration: Configuration, _ state: inout State) {
        for setting in Setting.all where !setting.isReloadable && !setting.isSame(state.running, configuration) {
            log.warning("`\(setting.key)` has changed, which takes effect at the next start only")
        }
        state.running.logLevel = configuration.logLevel
        state.running.broker = configuration.broker
        state.running.queues = configuration.queues
        state.running.bindings = configuration.bindings
        threshold.level = configuration.logLevel
        server.enter { $0.settings = configuration.broker }
        declare(configuration)
        log.info("configuration reloaded")
    }

    /// Creates or changes the queues and bindings that the configuration names.
    func declare(_ configuration: Configuration) {
        let now = Clock.now()
        for queue in configuration.queues {
            attempt("queue `\(queue.name)`") { broker throws(Failure) in
                try broker.declare(queue: queue.name, queue.patch, now: now)
            }
        }
        for binding in configuration.bindings {
            attempt("binding of `\(binding.queue)` to `\(binding.topic)`") { broker throws(Failure) in
                try broker.bind(queue: binding.queue, topic: binding.topic, now: now)
            }
        }
    }

    private func attempt(_ what: String, _ act: (Broker) throws(Failure) -> Void) {
        do {
            try server.enter(act)
        } catch {
            log.error("\(what) could not be declared: \(error)")
        }
    }
}
