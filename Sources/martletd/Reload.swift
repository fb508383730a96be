import Logging
import MartletBroker
import MartletProtocol
import MartletServer
import MartletSystemd
import Synchronization

/// Reads the configuration again while the daemon runs. A configuration with a mistake changes nothing.
final class Reload: Sendable {
    private let server: Server
    private let threshold: StandardErrorLog.Threshold
    private let supervisor: Supervisor
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
        supervisor: Supervisor,
        log: Logger
    ) {
        self.supervisor = supervisor
        self.server = server
        self.threshold = threshold
        self.log = log
        state = Mutex(State(source: source, running: running))
    }

    var limits: Limits { running.broker.limits }
    /// What is in force.
    var running: Configuration { state.withLock { $0.running } }

    /// Returns why nothing was changed; nil if the new configuration is in force.
    @discardableResult func run() -> ConfigurationError? {
        state.withLock { state in
            supervisor.tellReloading()
            do throws(ConfigurationError) {
                apply(try state.source.read(), &state)
                supervisor.tell(.ready(status: "configuration reloaded"))
                return nil
            } catch {
                log.log(.reloadRefused, .error, "not reloaded: \(error)")
                supervisor.tell(.ready(status: "not reloaded: \(error)"))
                return error
            }
        }
    }

    private func apply(_ read: Configuration, _ state: inout State) {
        var configuration = read
        if let doubt = DescriptorLimit.bound(&configuration) { log.warning("\(doubt)") }
        for setting in Setting.all where !setting.isReloadable && !setting.isSame(state.running, configuration) {
            log.log(
                .restartNeeded,
                .warning,
                "`\(setting.key)` has changed, which takes effect at the next start only",
                metadata: ["setting": "\(setting.key)"]
            )
        }
        state.running.logLevel = configuration.logLevel
        state.running.broker = configuration.broker
        state.running.queues = configuration.queues
        state.running.bindings = configuration.bindings
        state.running.journal.dumpsOnStop = configuration.journal.dumpsOnStop
        threshold.level = configuration.logLevel
        server.enter { $0.settings = configuration.broker }
        declare(configuration)
        log.log(.reloaded, .info, "configuration reloaded")
    }

    /// Creates or changes the queues and bindings that the configuration names.
    func declare(_ configuration: Configuration) {
        let now = Clock.now()
        for queue in configuration.queues {
            attempt("queue `\(queue.name)`", queue: queue.name) { broker throws(Failure) in
                try broker.declare(queue: queue.name, queue.patch, now: now)
            }
        }
        for binding in configuration.bindings {
            attempt("binding of `\(binding.queue)` to `\(binding.topic)`", queue: binding.queue) {
                broker throws(Failure) in
                try broker.bind(queue: binding.queue, topic: binding.topic, now: now)
            }
        }
    }

    private func attempt(_ what: String, queue: String, _ act: (Broker) throws(Failure) -> Void) {
        let failure: Failure? = server.enter { broker in
            do throws(Failure) {
                try act(broker)
                return nil
            } catch {
                return error
            }
        }
        guard let failure else { return }
        log.log(
            .declarationRefused,
            .error,
            "\(what) could not be declared: \(failure.reason)",
            metadata: ["queue": "\(queue)"]
        )
    }
}
