import Dispatch
import Logging
import MartletBroker
import MartletJournal
import MartletSystemd
import Synchronization

/// Tells the log and the service manager when the journal cannot take everything any more, and when it can again.
///
/// It looks whenever the journal's bell rings, which is often: a look at a journal whose condition is the same costs a
/// lock that nobody else wants and an atomic load. While the journal is full it looks at its room once a second, too,
/// since nothing rings when that is used up.
final class JournalWatch: Sendable {
    private struct State {
        var journal: (any Journal)?
        var intake = JournalIntake.everything
        var tell: (@Sendable (JournalIntake) -> Void)?
        /// A look that nobody asks for is due.
        var willLookAgain = false
    }

    private let log: Logger
    /// What there is no space for when it is full.
    private let wanted: String
    private let segmentSize: Int
    /// Milliseconds between two syncs; 0 for a sync before each reply.
    private let syncEvery: Int
    private let state = Mutex(State())

    /// - Parameter place: where the journal is.
    init(_ configuration: JournalConfiguration, in place: String, _ log: Logger) {
        syncEvery = configuration.mode == .disk ? configuration.syncEvery : 0
        segmentSize = configuration.segmentSize
        // In memory they grow when there are many.
        let size = configuration.mode == .disk ? " of \(ByteSize.text(segmentSize))" : ""
        wanted = "another segment\(size) in \(place)"
        self.log = log
    }

    /// What the service's status says before everything else; nil while all is well.
    var trouble: String? {
        switch state.withLock({ $0.intake }) {
        case .everything: nil
        case .settling: "JOURNAL FULL, nothing new is taken"
        case .nothing: "JOURNAL FULL, nothing is taken, not even deletes"
        case .failed(let reason): "JOURNAL FAILED (\(reason)), nothing is changed"
        }
    }

    /// Watches this journal from now on.
    /// - Parameter tell: called with what is taken now, each time when that has changed, on the journal's thread at
    ///   times: it must not wait for that.
    func watch(_ journal: any Journal, _ tell: @escaping @Sendable (JournalIntake) -> Void) {
        state.withLock {
            $0.journal = journal
            $0.tell = tell
        }
        look()
    }

    func look() {
        let news = state.withLock { state -> News? in
            guard let journal = state.journal else { return nil }
            let intake = JournalIntake(of: journal, segmentSize: segmentSize)
            guard intake != state.intake else { return nil }
            defer { state.intake = intake }
            return News(before: state.intake, now: intake, shortage: journal.figures.shortage, tell: state.tell)
        }
        guard let news else { return }
        write(news)
        news.tell?(news.now)
        if news.now.isFull { lookAgainLater() }
    }

    private struct News {
        let before: JournalIntake
        let now: JournalIntake
        let shortage: String
        let tell: (@Sendable (JournalIntake) -> Void)?
    }

    private func lookAgainLater() {
        let isDueAlready = state.withLock { state in
            defer { state.willLookAgain = true }
            return state.willLookAgain
        }
        guard !isDueAlready else { return }
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) { [self] in
            state.withLock { $0.willLookAgain = false }
            look()
            if state.withLock({ $0.intake.isFull }) { lookAgainLater() }
        }
    }

    private func write(_ news: News) {
        switch news.now {
        case .everything: log.notice("the journal has space again: sends are taken")
        case .settling where news.before == .nothing:
            log.notice("the journal has a little space again: receives and deletes are taken, sends are not")
        case .settling:
            complain(.journalFull, "anything new: sends are `not_durable`, receives and deletes go on", news)
        case .nothing: complain(.journalUsedUp, "anything, not even for deletes: changes are `not_durable`", news)
        case .failed(let reason):
            log.log(
                .journalFailed,
                .critical,
                "the journal has failed: \(reason); \(whatIsSafe), nothing can be changed any more"
            )
        }
    }

    private func complain(_ event: CataloguedEvent, _ whatFor: String, _ news: News) {
        let cause = "there is none for \(wanted) (\(news.shortage))"
        log.log(event, .error, "the journal has no space for \(whatFor); \(cause)")
    }

    private var whatIsSafe: String {
        guard syncEvery > 0 else { return "what was acknowledged is safe" }
        return "what was acknowledged since the last sync (one every \(Double(syncEvery) / 1000) s) may be lost"
    }
}
