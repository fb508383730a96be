import MartletJournal

/// What a file journal's thread has in hand: the batch that is being written, and what is due when.
final class FileWork {
    /// While there is no space, it is looked for once in this time.
    private static let retryMilliseconds = 1000

    let writer: SegmentWriter
    private let state: PublishedState
    private let settings: FileSettings
    private(set) var batch = Batch()
    /// Runs of the batch that are written.
    private var runsWritten = 0
    private var syncDue: MonotonicInstant?
    private var retryDue: MonotonicInstant?
    private var cutTarget: UInt32 = 0
    private var hasChores = true
    /// Nobody waits for the next batch.
    var isIdle = true

    init(_ writer: SegmentWriter, _ state: PublishedState) {
        self.writer = writer
        self.state = state
        settings = writer.settings
    }

    var isOutOfSpace: Bool { retryDue != nil }

    /// When there will be something to do even if nobody asks.
    var deadline: MonotonicInstant? {
        guard let syncDue, let retryDue else { return syncDue ?? retryDue }
        return min(syncDue, retryDue)
    }

    func hasSomethingToDo(for inbox: FileInbox) -> Bool {
        if inbox.isClosing || hasChores || inbox.cutTarget != cutTarget { return true }
        if batch.isEmpty && !inbox.staging.batch.isEmpty { return true }
        guard let deadline else { return false }
        return deadline <= .now
    }

    func take(from inbox: inout FileInbox) {
        if inbox.cutTarget != cutTarget {
            cutTarget = inbox.cutTarget
            writer.cut(before: cutTarget)
            hasChores = true
        }
        guard batch.isEmpty, !inbox.staging.batch.isEmpty else { return }
        batch = inbox.staging.take(batch)
    }

    /// Writes and syncs as much of the batch as there is space for. True if there is news.
    func write() throws(DiskError) -> Bool {
        if let retryDue, retryDue > .now, !hasChores { return false }
        let before = (state.written, state.durable)
        try writeRuns()
        if case .every = settings.sync { state.durable = state.written }
        try syncIfDue()
        if runsWritten == batch.runs.count {
            batch.removeAll()
            runsWritten = 0
        }
        return before != (state.written, state.durable)
    }

    private func writeRuns() throws(DiskError) {
        while runsWritten < batch.runs.count {
            let run = batch.runs[runsWritten]
            guard try hasSpace({ () throws(DiskError) in try writer.write(run, of: batch) }) else { return }
            runsWritten += 1
            state.written = run.end
        }
    }

    private func syncIfDue() throws(DiskError) {
        switch settings.sync {
        case .always:
            try writer.sync()
            state.durable = state.written
        case .every(let milliseconds):
            guard writer.isDirty else {
                syncDue = nil
                return
            }
            let now = MonotonicInstant.now
            guard let due = syncDue else {
                syncDue = now.advanced(milliseconds: milliseconds)
                return
            }
            guard due <= now else { return }
            try writer.sync()
            syncDue = nil
        }
    }

    /// A little of what keeps the house in order, so that nobody waits long for the next batch.
    func tidy() throws(DiskError) {
        if isIdle && !writer.isDirty { try writer.mark() }
        hasChores = try writer.tidy()
        if !hasChores, retryDue.map({ $0 <= .now }) ?? true {
            _ = try hasSpace { () throws(DiskError) in try writer.prepareSpare() }
        }
    }

    /// The last thing that is done.
    func finish() throws(DiskError) {
        try writer.sync()
        try writer.mark()
    }

    func publishFigures(room: UInt64) {
        var figures = JournalFigures()
        figures.bytes = writer.bytes
        figures.segments = writer.segments
        figures.firstSegment = writer.firstSegment
        figures.spares = writer.spareCount
        figures.room = room
        figures.syncs = writer.syncs
        state.figures = figures
    }

    /// False if there was no space, which will be tried again.
    private func hasSpace(_ body: () throws(DiskError) -> Void) throws(DiskError) -> Bool {
        do throws(DiskError) {
            try body()
            retryDue = nil
            return true
        } catch  where error.kind == .noSpace {
            retryDue = MonotonicInstant.now.advanced(milliseconds: Self.retryMilliseconds)
            return false
        }
    }
}
