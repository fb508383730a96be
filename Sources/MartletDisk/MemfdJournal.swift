package import MartletJournal

/// The journal in memory that outlives this process: whoever appends writes it, and it is durable at once.
///
/// A thread prepares the next segment while one is being filled and hands it to the descriptor keeper, so that no
/// append waits for that. When appends are quicker than the thread, they are put aside and are durable when it has
/// caught up. `advanced` is called, on that thread, only for what becomes durable that late, and for `condition`;
/// after an ordinary append, `durable` has advanced when `append` returns.
///
/// It never fails: without memory, or when the keeper takes no more descriptors, it is `full`.
// Unchecked: the segments are under the monitor, and the thread takes what it works on out of them first.
package final class MemfdJournal: Journal, @unchecked Sendable {
    /// While no segment can be prepared, it is tried once in this time.
    private static let retryMilliseconds = 1000

    private let monitor = Monitor()
    private var segments: MemfdSegments
    private let state: PublishedState
    private let store: MemfdStore
    private let settings: MemfdSettings
    private let advanced: @Sendable () -> Void
    /// A cut segment that is used again, its pages there already. The thread's alone.
    private var spare: MappedSegment?
    private var retryDue: MonotonicInstant?
    private var thread: JournalThread?

    package init(
        continuing recovery: Recovery,
        on store: MemfdStore,
        settings: MemfdSettings = MemfdSettings(),
        advanced: @escaping @Sendable () -> Void
    ) throws(JournalError) {
        self.store = store
        self.settings = settings
        self.advanced = advanced
        do throws(DiskError) {
            segments = try MemfdSegments(continuing: recovery, on: store, settings)
            state = PublishedState(segment: segments.nextSegment)
            thread = try JournalThread(name: "journal") { [self] in run() }
        } catch {
            throw .unusable(error)
        }
    }

    package var segment: UInt32 { state.segment }
    package var written: UInt64 { state.written }
    package var durable: UInt64 { state.durable }
    package var condition: JournalCondition { state.condition }
    package var figures: JournalFigures { monitor.withLock { segments.figures } }

    package func append(_ entries: UnsafeRawBufferPointer, promised: Bool, waiting: Int) -> UInt64 {
        guard !entries.isEmpty else { return state.written }
        let (position, needsThread) = monitor.withLock {
            let isDone = segments.append(entries)
            publish()
            return (segments.position, !isDone || segments.next == nil)
        }
        if needsThread { monitor.signal() }
        return position
    }

    package func cut(before segment: UInt32) {
        monitor.withLock {
            if segment > segments.cut.target { segments.cut = Cut(target: segment, position: segments.position) }
        }
        monitor.signal()
    }

    /// There are none: nothing fails.
    package func unsyncedEntries(_ body: (UnsafeRawBufferPointer) -> Void) {}

    package func close() {
        monitor.withLock { segments.isClosing = true }
        monitor.signal()
        thread?.join()
        thread = nil
    }

    /// Under the monitor.
    private func publish() {
        state.segment = segments.nextSegment
        state.written = segments.durable
        state.durable = segments.durable
        state.setFull(segments.isFull)
    }

    // MARK: On the thread

    private enum Step {
        case perform(MemfdSegments.Task)
        /// The condition has changed.
        case announce
        case end
    }

    private func run() {
        while true {
            switch nextStep() {
            case .end: return
            case .announce: advanced()
            case .perform(let task):
                let before = state.durable
                do throws(DiskError) {
                    try perform(task)
                    setShortage("")
                } catch {
                    setShortage(error.description)
                }
                if state.durable != before { advanced() }
            }
        }
    }

    /// Waits for something to do.
    private func nextStep() -> Step {
        monitor.withLock {
            while true {
                if state.takeNewsOfCondition() { return .announce }
                let isTime = retryDue.map { $0 <= .now } ?? true
                if isTime {
                    if let task = segments.task() { return .perform(task) }
                    // Asking may have shown that there will be no next segment.
                    publish()
                    if state.takeNewsOfCondition() { return .announce }
                }
                if segments.isClosing { return .end }
                monitor.wait(until: isTime ? nil : retryDue)
            }
        }
    }

    private func perform(_ task: MemfdSegments.Task) throws(DiskError) {
        switch task {
        case .cut(let kept):
            // Not before it is forgotten: what would be forgotten after it could leave a gap.
            try store.forget(kept.number)
            monitor.withLock { segments.removeFirst() }
            recycle(kept)
        case .prepare(let number, let capacity, let unsuitable):
            if let unsuitable { try store.forget(unsuitable.number) }
            let segment = try prepare(number, capacity)
            monitor.withLock {
                segments.take(segment)
                publish()
            }
        }
    }

    private func recycle(_ kept: MemfdSegments.Kept) {
        let size = settings.segmentSize + settings.slack
        guard spare == nil, let segment = kept.segment, segment.size == size else { return }
        segment.invalidate()
        spare = segment
    }

    private func prepare(_ number: UInt32, _ capacity: UInt64) throws(DiskError) -> MappedSegment {
        let size = capacity + settings.slack
        if let old = spare, old.size == size {
            spare = nil
            old.renumber(number)
            try store.keep(old)
            return old
        }
        return try store.make(number, size: size)
    }

    /// - Parameter shortage: why no segment could be had; empty if one was.
    private func setShortage(_ shortage: String) {
        retryDue = shortage.isEmpty ? nil : MonotonicInstant.now.advanced(milliseconds: Self.retryMilliseconds)
        monitor.withLock {
            segments.shortage = shortage
            publish()
        }
    }
}
