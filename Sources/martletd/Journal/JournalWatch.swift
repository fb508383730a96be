import Logging
import MartletBroker
import MartletJournal
import MartletSystemd
import Synchronization

/// Tells the log and the service manager when the journal cannot take everything any more, and when it can again.
///
/// It looks whenever the journal's bell rings, which is often: a look at a journal whose condition is the same costs a
/// lock that nobody else wants and an atomic load.
final class JournalWatch: Sendable {
    private struct State {
        var journal: (any Journal)?
        var condition = JournalCondition.ready
        var tell: (@Sendable (JournalCondition) -> Void)?
    }

    private let log: Logger
    /// Milliseconds between two syncs; 0 for a sync before each reply.
    private let syncEvery: Int
    private let state = Mutex(State())

    init(_ configuration: JournalConfiguration, _ log: Logger) {
        syncEvery = configuration.mode == .disk ? configuration.syncEvery : 0
        self.log = log
    }

    /// What the service's status says before everything else; nil while all is well.
    var trouble: String? {
        switch state.withLock({ $0.condition }) {
        case .ready: nil
        case .full: "JOURNAL FULL, nothing new is taken"
        case .failed(let reason): "JOURNAL FAILED (\(reason)), nothing is changed"
        }
    }

    /// Watches this journal from now on.
    /// - Parameter tell: called with each new condition, once, on the journal's thread: it must not wait for that.
    func watch(_ journal: any Journal, _ tell: @escaping @Sendable (JournalCondition) -> Void) {
        state.withLock {
            $0.journal = journal
            $0.tell = tell
        }
        look()
    }

    func look() {
        let news = state.withLock { state -> (JournalCondition, (@Sendable (JournalCondition) -> Void)?)? in
            guard let condition = state.journal?.condition, condition != state.condition else { return nil }
            state.condition = condition
            return (condition, state.tell)
        }
        guard let (condition, tell) = news else { return }
        write(condition)
        tell?(condition)
    }

    private func write(_ condition: JournalCondition) {
        switch condition {
        case .ready: log.notice("the journal has space again: sends are taken")
        case .full:
            log.log(
                .journalFull,
                .error,
                "the journal has no space for anything new: sends are `not_durable`, receives and deletes go on"
            )
        case .failed(let reason):
            log.log(
                .journalFailed,
                .critical,
                "the journal has failed: \(reason); \(whatIsSafe), nothing can be changed any more"
            )
        }
    }

    private var whatIsSafe: String {
        guard syncEvery > 0 else { return "what was acknowledged is safe" }
        return "what was acknowledged since the last sync (one every \(Double(syncEvery) / 1000) s) may be lost"
    }
}
