import MartletBroker
import MartletJournal

/// How far the journal must have come before something may be said.
struct Release: BitwiseCopyable {
    /// What a reply promises, and what a delivery shows, must be durable.
    var durable: UInt64
    /// Everything, leases too, must be written: it survives the end of the process.
    var written: UInt64

    static let now = Release(durable: 0, written: 0)

    func isDue(_ journal: any Journal) -> Bool { journal.durable >= durable && journal.written >= written }
}

/// What happens between the core and the journal, at the begin and at the end of each turn.
struct Recording {
    let journal: any Journal
    /// What output that is said now must wait for.
    private(set) var release = Release.now
    private var hasFailed = false

    init(_ journal: any Journal) { self.journal = journal }

    mutating func begin(_ broker: Broker) {
        guard !hasFailed else { return }
        let figures = journal.figures
        var report = JournalReport()
        report.bytes = Int(figures.bytes)
        report.segments = figures.segments
        report.syncs = Int(figures.syncs)
        switch journal.condition {
        case .ready: break
        case .full: report.condition = .full
        case .failed(let reason): return fail(broker, reason)
        }
        broker.heed(segment: journal.segment, report)
    }

    /// Takes what was recorded in the turn.
    mutating func end(_ broker: Broker) {
        guard !hasFailed else { return }
        let records = broker.records
        if !records.isEmpty {
            release.written = journal.append(records)
            if broker.recordsPromise { release.durable = release.written }
            broker.noteOverflow(of: records.count, into: journal.segment)
            broker.dropRecords()
        }
        // Everything that replaces what is cut has been appended before.
        if let segment = broker.takeCut() { journal.cut(before: segment) }
    }

    /// What was not durable never will be: it is taken back, and nothing more is accepted.
    private mutating func fail(_ broker: Broker, _ reason: String) {
        hasFailed = true
        broker.journalFailed(reason)
        journal.unsyncedEntries { broker.takeBack($0) }
        release = .now
    }
}
