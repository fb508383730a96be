import MartletJournal

/// What a file journal's thread has in hand: the batch that is being written, and what is due when.
final class FileWork {
    /// While there is no space, it is looked for once in this time.
    private static let retryMilliseconds = 1000
    /// What nobody waits for is synced after this time, where what somebody waits for is synced at once; and when
    /// nothing has come for as long, a mark is set.
    private static let restMilliseconds = 100
    /// Free space is asked for no more often than this. While there is little it is asked for though nobody appends, as
    /// often as space is looked for where there is none.
    private static let lookMilliseconds = 100
    private static let smallBacklog = 8

    let writer: SegmentWriter
    private let state: PublishedState
    private let settings: FileSettings
    private(set) var batch = Batch()
    /// How many wait for the batch.
    private var waiting = 0
    /// Somebody waits for the batch to be durable.
    private var isPromised = false
    /// Runs of the batch that are written.
    private var runsWritten = 0
    /// The next run of the batch found no space.
    private(set) var isStuck = false
    private var syncDue: MonotonicInstant?
    private var pace = Pace()
    /// Until when others, who then share the next sync, are waited for; nil if that is not worth it.
    private(set) var gatheringEnd: MonotonicInstant?
    /// When space will be looked for again; nil if none is missing.
    private var retryDue: MonotonicInstant?
    /// What was missing when space was looked for last; nil if none is.
    private var shortage: DiskError?
    private var cut = Cut()
    /// The position up to which everything is synced.
    private var synced: UInt64 = 0
    private var hasChores = true
    /// When chores are done that there was no space for.
    private var choresDue: MonotonicInstant?
    /// When it will have rested for long enough to be marked.
    private var markDue: MonotonicInstant?
    /// Free space is not asked for again before this.
    private var lookDue: MonotonicInstant?
    /// When it is even if nobody appends, as there was little.
    private var scarceDue: MonotonicInstant?
    private let clock: () -> MonotonicInstant

    init(_ writer: SegmentWriter, _ state: PublishedState, clock: @escaping () -> MonotonicInstant) {
        self.writer = writer
        self.state = state
        self.clock = clock
        settings = writer.settings
        shortage = writer.shortageAtStart
    }

    /// Somebody waits for the next sync.
    var isAwaited: Bool { settings.sync == .always && isPromised }

    var syncsAreShort: Bool { pace.isShort }

    /// How many are worth the next sync, or the next write if none of them waits for a sync.
    func quorum(for inbox: FileInbox) -> Int { batch.isEmpty ? pace.quorum(with: inbox.waiting) : 0 }

    var lacksSpace: Bool { retryDue != nil }

    /// When there will be something to do even if nobody asks.
    var deadline: MonotonicInstant? {
        [syncDue, retryDue, choresDue, markDue, scarceDue].lazy.compactMap(\.self).min()
    }

    func hasSomethingToDo(for inbox: FileInbox) -> Bool {
        if inbox.isClosing || hasChores || inbox.cut != cut { return true }
        if batch.isEmpty && !inbox.staging.batch.isEmpty { return true }
        return deadline.map { $0 <= clock() } ?? false
    }

    func take(from inbox: inout FileInbox) {
        cut = inbox.cut
        guard batch.isEmpty, !inbox.staging.batch.isEmpty else { return }
        (batch, waiting, isPromised) = inbox.take(batch)
    }

    /// Writes as much of the batch as there is space for. True if there is news.
    func write() throws(DiskError) -> Bool {
        let before = state.written
        if !isStuck || isRetryDue { try writeRuns() }
        if !isAwaited { state.durable = state.written }
        return before != state.written
    }

    /// Syncs what is written if that is due, and is done with the batch if all of it is. True if there is news.
    func sync() throws(DiskError) -> Bool {
        let before = state.durable
        try syncIfDue()
        if runsWritten == batch.runs.count {
            batch.removeAll()
            runsWritten = 0
            isPromised = false
        }
        return before != state.durable
    }

    private func writeRuns() throws(DiskError) {
        while runsWritten < batch.runs.count {
            let run = batch.runs[runsWritten]
            isStuck = try !hasSpace { () throws(DiskError) in try writer.write(run, of: batch) }
            if isStuck { return }
            runsWritten += 1
            state.written = run.end
        }
    }

    private func syncIfDue() throws(DiskError) {
        if isAwaited {
            let (isDirty, begin) = (writer.isDirty, clock())
            try syncWritten()
            if isDirty { noteSync(since: begin) }
            state.durable = state.written
        } else if writer.isDirty {
            let now = clock()
            let due = syncDue ?? now.advanced(milliseconds: millisecondsToSync)
            syncDue = due
            guard due <= now else { return }
            try syncWritten()
        } else {
            try syncWritten()
        }
        syncDue = nil
    }

    private func noteSync(since begin: MonotonicInstant) {
        let end = clock()
        pace.noteSync(nanoseconds: end.nanoseconds(since: begin), waiting: waiting)
        gatheringEnd = pace.gatheringTime.map { end.advanced(nanoseconds: $0) }
    }

    private var millisecondsToSync: Int {
        switch settings.sync {
        case .always: Self.restMilliseconds
        case .every(let milliseconds): milliseconds
        }
    }

    private func syncWritten() throws(DiskError) {
        try writer.sync()
        synced = state.written
        // Not before: a power cut would else take what has been appended in place of what is cut.
        if cut.isDue(synced), cut.target > writer.cutTarget {
            writer.cut(before: cut.target)
            hasChores = true
        }
    }

    /// A little of what keeps the house in order, so that nobody waits long for the next batch. Nobody waits at all if
    /// it `isIdle`.
    func tidy(isIdle: Bool) throws(DiskError) {
        try markAtRest(isIdle)
        let hadChores = hasChores
        try doChores()
        // What was given back may be what was missing.
        guard !hasChores, retryDue == nil || isRetryDue || hadChores else { return }
        guard try hasSpace({ () throws(DiskError) in try writer.prepareSpares(settings.spares) }) else { return }
        retryDue = isStuck ? clock() : nil
        if !isStuck { shortage = nil }
    }

    /// What comes soon brings a mark with it.
    private func markAtRest(_ isIdle: Bool) throws(DiskError) {
        let due = markDue ?? clock().advanced(milliseconds: Self.restMilliseconds)
        markDue = isIdle && writer.wantsMark ? due : nil
        guard let markDue, markDue <= clock() else { return }
        self.markDue = nil
        _ = try hasSpace { () throws(DiskError) in try writer.mark() }
    }

    /// Even to give space back may take some: what waits for that is tried again.
    private func doChores() throws(DiskError) {
        do throws(DiskError) {
            // One at a time, so that nobody waits for long; but a round can bring more than one, where messages are so
            // large that each begins a segment.
            let pieces = writer.backlog > Self.smallBacklog ? 4 : 1
            for _ in 0..<pieces {
                hasChores = try writer.tidy()
                if !hasChores { break }
            }
            choresDue = nil
        } catch  where error.kind == .noSpace {
            hasChores = false
            choresDue = clock().advanced(milliseconds: Self.retryMilliseconds)
        }
    }

    /// The last thing that is done.
    func finish() throws(DiskError) {
        try writer.sync()
        try writer.mark()
    }

    /// Bytes that are free on the disk; nil if it was asked a moment ago, as that costs more than a small write.
    func lookForFreeSpace() -> UInt64? {
        let now = clock()
        if let lookDue, now < lookDue { return nil }
        let freeSpace = writer.freeSpace
        let isScarce = freeSpace < settings.littleSpace
        if isScarce, writer.giveBackExtraSpare() { hasChores = true }
        lookDue = now.advanced(milliseconds: Self.lookMilliseconds)
        scarceDue = isScarce ? now.advanced(milliseconds: Self.retryMilliseconds) : nil
        return freeSpace
    }

    func publishFigures() {
        var figures = JournalFigures()
        figures.bytes = writer.bytes
        figures.segments = writer.segments
        figures.firstSegment = writer.firstSegment
        figures.spares = writer.spareCount
        figures.shortage = shortage?.description ?? ""
        figures.syncs = writer.syncs
        state.setFigures(figures)
    }

    private var isRetryDue: Bool { retryDue.map { $0 <= clock() } ?? true }

    /// False if there was no space, which will be looked for again.
    private func hasSpace(_ body: () throws(DiskError) -> Void) throws(DiskError) -> Bool {
        do throws(DiskError) {
            try body()
            return true
        } catch  where error.kind == .noSpace {
            retryDue = clock().advanced(milliseconds: Self.retryMilliseconds)
            shortage = error
            return false
        }
    }
}
