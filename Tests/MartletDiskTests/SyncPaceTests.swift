import MartletJournal
import MartletSimulatedDisk
import Synchronization
import Testing

@testable import MartletDisk

/// When a file journal syncs, and how often it says that it has come further: without its thread, round by round.
@Suite struct SyncPaceTests {
    private let disk = SimulatedDisk()
    private let clock = TickingClock()
    private let news = Counter()

    @Test func aShortSyncIsToldOnce() throws {
        let journal = try journal()
        // The first one may be long, as far as anybody knows.
        try commit(journal)
        let before = news.count
        try commit(journal)
        #expect(news.count == before + 1)
    }

    @Test func whoNeedsOnlyWhatIsWrittenIsToldBeforeALongSync() throws {
        let journal = try journal()
        clock.tick = 5
        try commit(journal)
        let before = news.count
        try commit(journal)
        #expect(news.count == before + 2)
    }

    /// It survives a kill at once, and a power cut a little later.
    @Test func whatIsNotPromisedIsSyncedLater() throws {
        let journal = try journal()
        try commit(journal)
        let (syncs, told) = (journal.figures.syncs, news.count)
        let position = journal.append([1], promised: false)
        journal.goOn()
        #expect(journal.written == position && journal.durable == position)
        #expect(journal.figures.syncs == syncs && news.count == told + 1)
        #expect(try kept(disk.afterKill()).last == [1])
        clock.pass(milliseconds: 100)
        journal.goOn()
        #expect(journal.figures.syncs == syncs + 1 && news.count == told + 1)
    }

    @Test func whatIsPromisedTakesWhatIsNotWithIt() throws {
        let journal = try journal()
        try commit(journal)
        let syncs = journal.figures.syncs
        journal.append([1], promised: false)
        journal.goOn()
        journal.append([2], promised: true)
        let position = journal.append([3], promised: false)
        #expect(journal.durable < position)
        journal.goOn()
        #expect(journal.durable == position && journal.figures.syncs == syncs + 1)
        clock.pass(milliseconds: 1000)
        journal.goOn()
        #expect(journal.figures.syncs == syncs + 1)
    }

    /// Until then damage at the end looks like a torn tail, and costs no system call to tell from one.
    @Test func afterARestTheLastBatchIsMarked() throws {
        let journal = try journal()
        try commit(journal)
        try commit(journal)
        let name = "00000001.segment"
        let end = try #require(disk.contents(name)?.lastIndex { $0 != 0 })
        #expect(try kept(damaged(name, at: end)).count == 1)
        clock.pass(milliseconds: 99)
        journal.goOn()
        #expect(try kept(damaged(name, at: end)).count == 1)
        clock.pass(milliseconds: 1)
        journal.goOn()
        #expect(throws: JournalError.self) { try kept(damaged(name, at: end)) }
        #expect(try kept(disk.afterKill()).count == 2)
    }

    @Test func halfOfThoseWhoAreAboutAreWaitedForAndNotForLong() {
        var pace = Pace()
        #expect(!pace.isShort && pace.gatheringTime == nil)
        pace.noteSync(nanoseconds: 200_000, waiting: 40)
        #expect(pace.isShort && pace.gatheringTime == 300_000)
        #expect(pace.quorum(with: 0) == 20 && pace.quorum(with: 24) == 32)
        pace.noteSync(nanoseconds: 20_000, waiting: 40)
        #expect(pace.isShort && pace.gatheringTime == nil)
        pace.noteSync(nanoseconds: 20_000_000, waiting: 40)
        #expect(!pace.isShort && pace.gatheringTime == 1_000_000)
    }

    /// Whoever is alone waits for nobody.
    @Test func oneAtATimeIsNotKeptWaiting() {
        var pace = Pace()
        pace.noteSync(nanoseconds: 200_000, waiting: 1)
        #expect(pace.quorum(with: 0) == 0)
    }

    /// The quorum is of those who wait, however many entries come with one append, and is counted anew with each batch.
    @Test func thoseWhoWaitAreCountedUntilTheBatchIsTaken() throws {
        var inbox = FileInbox(try writer())
        inbox.quorum = 3
        func append(_ payloads: [[UInt8]], promised: Bool, waiting: Int) -> Bool {
            entries(payloads).withUnsafeBytes { _ = inbox.append($0, promised: promised, waiting: waiting) }
            return inbox.hasQuorum
        }
        #expect(!append([[1], [2], [3], [4]], promised: true, waiting: 1))
        #expect(!append([[5]], promised: false, waiting: 0))
        #expect(append([[6]], promised: false, waiting: 2))
        let taken = inbox.take(Batch())
        #expect(taken.waiting == 3 && taken.isPromised)
        #expect(!append([[7]], promised: false, waiting: 2) && !inbox.isPromised)
    }

    private func writer() throws -> SegmentWriter {
        let recovery = try Recovery(disk, medium: .files)
        try recovery.replay { _, _ in }
        var settings = FileSettings()
        settings.segmentSize = 64 << 10
        return try SegmentWriter(continuing: recovery, on: disk, settings: settings)
    }

    private func journal() throws -> FileJournal {
        let journal = FileJournal(try writer(), clock: { clock.now() }, advanced: { [news] in news.add() })
        for _ in 0..<10 { journal.goOn() }
        return journal
    }

    private func commit(_ journal: FileJournal) throws {
        let position = journal.append([7])
        journal.goOn()
        try #require(journal.durable == position)
    }

    private func damaged(_ name: String, at place: Int) throws -> SimulatedDisk {
        let copy = disk.afterKill()
        var bytes = try #require(copy.contents(name))
        bytes[place] ^= 1
        copy.setContents(name, bytes)
        return copy
    }

    private func kept(_ disk: SimulatedDisk) throws -> [[UInt8]] { try Recovery(disk, medium: .files).payloads() }
}

private final class Counter: Sendable {
    private let value = Atomic(0)

    var count: Int { value.load(ordering: .relaxed) }

    func add() { value.add(1, ordering: .relaxed) }
}
