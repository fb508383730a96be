import Glibc
package import MartletJournal

/// The journal in files: appends are copied aside, and a thread writes and syncs what has come together meanwhile.
///
/// So all who append while a sync runs share the next one. Appending costs a copy under a lock that is otherwise held
/// for the time it takes to swap two pointers. Checksums are computed by the thread.
///
/// With `Sync.always`, what is promised and `durable` survives a power cut. With `Sync.every`, `durable` is `written`:
/// it survives the end of this process, and a power cut once the time has passed.
// Unchecked: the inbox is under the monitor, and the work is the thread's alone until the thread has ended.
package final class FileJournal: Journal, @unchecked Sendable {
    private let monitor = Monitor()
    private var inbox: FileInbox
    private let work: FileWork
    private let state: PublishedState
    private let advanced: @Sendable () -> Void
    private var thread: JournalThread?

    /// Goes on behind what was recovered: in a new segment, or in the last one if there is no space for another.
    /// `advanced` is called on the journal's thread whenever `written`, `durable` or `condition` has changed.
    package convenience init(
        continuing recovery: Recovery,
        on disk: any Disk,
        settings: FileSettings = FileSettings(),
        advanced: @escaping @Sendable () -> Void
    ) throws(JournalError) {
        let writer = try SegmentWriter(continuing: recovery, on: disk, settings: settings)
        self.init(writer, clock: { .now }, advanced: advanced)
        do throws(DiskError) {
            thread = try JournalThread(name: "journal") { [self] in run() }
        } catch {
            throw .unusable(error)
        }
    }

    /// Without a thread: a simulation calls `goOn` instead, and says what time it is.
    init(_ writer: SegmentWriter, clock: @escaping () -> MonotonicInstant, advanced: @escaping @Sendable () -> Void) {
        inbox = FileInbox(writer)
        state = PublishedState(segment: inbox.staging.layout.nextSegment)
        work = FileWork(writer, state, clock: clock)
        self.advanced = advanced
        inbox.freeSpace = work.lookForFreeSpace() ?? 0
        state.publish(inbox)
        work.publishFigures()
    }

    package var segment: UInt32 { state.segment }
    package var written: UInt64 { state.written }
    package var durable: UInt64 { state.durable }
    package var condition: JournalCondition { state.condition }
    package var figures: JournalFigures { state.figures }

    package func append(_ entries: UnsafeRawBufferPointer, promised: Bool, waiting: Int) -> UInt64 {
        let (position, hasQuorum) = monitor.withLock {
            let position = inbox.append(entries, promised: promised, waiting: waiting)
            state.publish(inbox)
            return (position, inbox.hasQuorum)
        }
        if hasQuorum { monitor.signal() }
        return position
    }

    package func cut(before segment: UInt32) {
        monitor.withLock {
            if segment > inbox.cut.target { inbox.cut = Cut(target: segment, position: inbox.staging.position) }
        }
        monitor.signal()
    }

    package func unsyncedEntries(_ body: (UnsafeRawBufferPointer) -> Void) {
        guard case .failed = condition else { return }
        work.batch.forEachEntry(after: durable, body)
        monitor.withLock { inbox.staging.batch.forEachEntry(after: durable, body) }
    }

    package func close() {
        monitor.withLock { inbox.isClosing = true }
        monitor.signal()
        thread?.join()
        thread = nil
    }

    // MARK: On the thread

    private func run() {
        do throws(DiskError) {
            while collect() {
                try round()
                gather()
            }
            try work.finish()
        } catch {
            state.fail(error.description)
        }
        work.writer.close()
        advanced()
    }

    /// One round of what the thread does, if there is anything to do; once the journal has failed, nothing is done.
    func goOn() {
        if case .failed = condition { return }
        guard work.hasSomethingToDo(for: inbox) else { return }
        work.take(from: &inbox)
        do throws(DiskError) { try round() } catch { state.fail(error.description) }
    }

    private func round() throws(DiskError) {
        // Some need only what is written. But whoever hears of it takes a turn for it, so where the sync is soon over,
        // they hear of both at once.
        if try work.write(), !(work.isAwaited && work.syncsAreShort) { advanced() }
        if try work.sync() { advanced() }
        try work.tidy(isIdle: monitor.withLock { inbox.staging.batch.isEmpty })
        exchangeNews()
    }

    /// Waits until there is something to do and takes it over; false when all is done and the journal is to end.
    private func collect() -> Bool {
        monitor.withLock {
            while !work.hasSomethingToDo(for: inbox) { monitor.wait(until: work.deadline) }
            work.take(from: &inbox)
            return !(inbox.isClosing && (work.batch.isEmpty || work.isStuck))
        }
    }

    /// Those who were just told of a sync soon come with more, and who comes in time shares the next one.
    private func gather() {
        guard let end = work.gatheringEnd, .now < end else { return }
        monitor.withLock {
            inbox.quorum = work.quorum(for: inbox)
            while !inbox.hasQuorum && !inbox.isClosing && .now < end { monitor.wait(until: end) }
            inbox.quorum = 0
        }
    }

    /// Tells those who append how the space is, and everybody else what there is.
    private func exchangeNews() {
        let freeSpace = work.lookForFreeSpace()
        let roomHasCome = monitor.withLock {
            let before = inbox.roomAtOnce
            // What waits to be written will take some of it.
            if let freeSpace { inbox.freeSpace = freeSpace - min(freeSpace, inbox.staging.position - state.written) }
            inbox.lacksSpace = work.lacksSpace
            inbox.preparedSpares = work.isStuck ? 0 : work.writer.preparedSpares
            inbox.segmentInHand = work.writer.currentSegment
            state.publish(inbox)
            return before < inbox.scantRoom && inbox.roomAtOnce >= inbox.scantRoom
        }
        work.publishFigures()
        if state.takeNewsOfCondition() || roomHasCome { advanced() }
    }
}
