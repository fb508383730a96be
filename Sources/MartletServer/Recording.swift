package import MartletBroker
package import MartletJournal

/// How far the journal must have come before something may be said.
struct Release: BitwiseCopyable {
    /// What a reply promises, and what a delivery shows, must be durable.
    var durable: UInt64
    /// Everything, leases too, must be written: it survives the end of the process.
    var written: UInt64

    static let now = Release(durable: 0, written: 0)

    /// The part of it that concerns a run which has none before it to wait for.
    func release(of run: Outbox.Run) -> Release {
        switch run.awaits {
        case .durability: self
        case .writing: Release(durable: 0, written: written)
        case .nothing: .now
        }
    }

    func isDue(_ progress: Progress) -> Bool { progress.durable >= durable && progress.written >= written }
    func isDue(_ journal: any Journal) -> Bool { isDue(Progress(journal)) }
}

/// How far the journal has come.
struct Progress: BitwiseCopyable {
    let durable: UInt64
    let written: UInt64

    init(_ journal: any Journal) {
        // In this order: what is durable is written.
        durable = journal.durable
        written = journal.written
    }
}

extension JournalGauge {
    /// How the journal stands now.
    package init(_ journal: any Journal) {
        let figures = journal.figures
        self.init()
        bytes = Int(figures.bytes)
        segments = figures.segments
        syncs = Int(figures.syncs)
        roomAtOnce = Int(clamping: figures.roomAtOnce)
        roomForNew = Int(clamping: figures.roomForNew)
        switch journal.condition {
        case .ready: room = Int(clamping: figures.roomAtOnce)
        case .full:
            condition = .full
            room = Int(figures.room)
        case .failed(let reason): condition = .failed(reason)
        }
    }
}

/// What happens between the core and the journal, at the begin and at the end of each turn.
struct Recording {
    let journal: any Journal
    /// What output that is said now must wait for.
    private(set) var release = Release.now
    private var hasFailed = false
    /// After a failure: the loops whose outboxes still hold what was said before it, and what that waits for.
    private var stale: (loops: UInt64, release: Release) = (0, .now)
    /// Turns whose promises may not be durable yet, with the positions that the journal must have come to, oldest
    /// first. Empty with a journal that is durable at once.
    private var pending: [(turn: UInt64, position: UInt64)] = []

    init(_ journal: any Journal) { self.journal = journal }

    mutating func begin(_ broker: Broker) {
        guard !hasFailed else { return }
        let gauge = JournalGauge(journal)
        if case .failed(let reason) = gauge.condition { return fail(broker, reason) }
        broker.heed(segment: journal.segment, gauge)
        noteDurableTurns(broker)
    }

    /// Tells the core which turns are durable by now: messages sent in them may be shown to anybody.
    private mutating func noteDurableTurns(_ broker: Broker) {
        let durable = journal.durable
        let count = pending.prefix { $0.position <= durable }.count
        guard count > 0 else { return }
        broker.durableTurn = pending[count - 1].turn
        pending.removeFirst(count)
    }

    /// Takes what was recorded in the turn, for which so many wait.
    mutating func end(_ broker: Broker, waiting: Int) {
        guard !hasFailed else { return }
        let records = broker.records
        if !records.isEmpty {
            release.written = journal.append(records, promised: broker.recordsPromise, waiting: waiting)
            if broker.recordsPromise { promise(broker) }
            broker.noteOverflow(of: records.count, into: journal.segment)
            broker.dropRecords()
        }
        // Everything that replaces what is cut has been appended before.
        if let segment = broker.takeCut() { journal.cut(before: segment) }
    }

    private mutating func promise(_ broker: Broker) {
        release.durable = release.written
        guard journal.durable < release.durable || !pending.isEmpty else {
            broker.durableTurn = broker.turn
            return
        }
        pending.append((broker.turn, release.durable))
    }

    /// What was not durable never will be: it is taken back, and nothing more is accepted.
    private mutating func fail(_ broker: Broker, _ reason: String) {
        hasFailed = true
        broker.journalFailed(reason)
        var lost = LostMessages()
        journal.unsyncedEntries { broker.takeBack($0, &lost) }
        stale = (broker.loopsWithOutput, release)
        release = .now
    }

    /// What the output must wait for that a loop takes now.
    mutating func release(forLoop loop: Int) -> Release {
        let bit: UInt64 = 1 << UInt64(loop)
        guard stale.loops & bit != 0 else { return release }
        stale.loops &= ~bit
        return stale.release
    }
}
