import MartletJournal
import Synchronization

/// What a journal tells everybody, kept so that reading it takes a few atomic loads.
final class PublishedState: Sendable {
    private let writtenPosition = Atomic<UInt64>(0)
    private let durablePosition = Atomic<UInt64>(0)
    private let segmentNumber: Atomic<UInt32>
    /// 0 ready, 1 full, 2 failed.
    private let conditionCode = Atomic<UInt8>(0)
    private let announcedCode = Atomic<UInt8>(0)
    private let failure = Mutex("")
    private let currentFigures = Mutex(JournalFigures())
    private let room = Atomic<UInt64>(0)
    private let roomAtOnce = Atomic(UInt64.max)
    private let roomForNew = Atomic(UInt64.max)

    init(segment: UInt32) { segmentNumber = Atomic(segment) }

    var segment: UInt32 {
        get { segmentNumber.load(ordering: .acquiring) }
        set { segmentNumber.store(newValue, ordering: .releasing) }
    }

    var written: UInt64 {
        get { writtenPosition.load(ordering: .acquiring) }
        set { writtenPosition.store(newValue, ordering: .releasing) }
    }

    var durable: UInt64 {
        get { durablePosition.load(ordering: .acquiring) }
        set { durablePosition.store(newValue, ordering: .releasing) }
    }

    var condition: JournalCondition {
        switch conditionCode.load(ordering: .acquiring) {
        case 0: .ready
        case 1: .full
        default: .failed(failure.withLock { $0 })
        }
    }

    /// Whether the condition is another one than when this was asked last. For the journal's thread alone, which tells
    /// everybody: whoever appends may be who has changed it.
    func takeNewsOfCondition() -> Bool {
        let code = conditionCode.load(ordering: .acquiring)
        return announcedCode.exchange(code, ordering: .relaxed) != code
    }

    /// Does nothing once the journal has failed.
    func setFull(_ isFull: Bool) {
        let code: UInt8 = isFull ? 1 : 0
        // Looked at first, as it costs nothing when there is nothing to change.
        guard conditionCode.load(ordering: .relaxed) == 1 - code else { return }
        _ = conditionCode.compareExchange(expected: 1 - code, desired: code, ordering: .acquiringAndReleasing)
    }

    func fail(_ reason: String) {
        failure.withLock { $0 = reason }
        conditionCode.store(2, ordering: .releasing)
    }

    var figures: JournalFigures {
        var figures = currentFigures.withLock { $0 }
        figures.room = room.load(ordering: .relaxed)
        figures.roomAtOnce = roomAtOnce.load(ordering: .relaxed)
        figures.roomForNew = roomForNew.load(ordering: .relaxed)
        return figures
    }

    /// All but what changes with each append.
    func setFigures(_ figures: JournalFigures) { currentFigures.withLock { $0 = figures } }

    /// What changes with each append: whoever appends next goes by it.
    func publish(_ inbox: FileInbox) {
        segment = inbox.staging.layout.nextSegment
        room.store(inbox.certainRoom, ordering: .relaxed)
        roomAtOnce.store(inbox.roomAtOnce, ordering: .relaxed)
        roomForNew.store(inbox.roomForNew, ordering: .relaxed)
        setFull(inbox.isFull)
    }
}
