import MartletJournal
import MartletSimulatedDisk
import Testing

@testable import MartletDisk

/// What is cut goes as quickly as it comes, however little the thread does between two batches.
@Suite struct BacklogTests {
    private let disk = SimulatedDisk()
    private let journal: FileJournal
    private let clock = TickingClock()

    init() throws {
        let recovery = try Recovery(disk, medium: .files)
        try recovery.replay { _, _ in }
        var settings = FileSettings()
        settings.segmentSize = 4096
        let writer = try SegmentWriter(continuing: recovery, on: disk, settings: settings)
        journal = FileJournal(writer, clock: clock.now, advanced: {})
    }

    /// Each message begins a segment, and each round cuts one and has one to give back.
    @Test func oneSegmentARoundLeavesNoFilesBehind() throws {
        var most = 0
        for _ in 0..<300 {
            // Larger than a segment: what it leaves cannot be used again.
            appendAndCut(bytes: 5000)
            most = max(most, try disk.names().count)
        }
        #expect(most < 30)
    }

    /// A new file costs more with each sync than one whose blocks have been written.
    @Test func whatIsCutIsWrittenAgain() throws {
        while journal.segment < 10 { appendAndCut(bytes: 500, later: true) }
        let created = disk.filesCreated
        while journal.segment < 100 { appendAndCut(bytes: 500, later: true) }
        #expect(disk.filesCreated == created)
    }

    /// Others need it more. With space again, there is one more again.
    @Test func whatIsKeptOnlyForThatIsGivenBackWhenSpaceIsShort() throws {
        while journal.segment < 10 { appendAndCut(bytes: 500, later: true) }
        disk.say(freeSpace: 7 * 4096)
        clock.pass(milliseconds: 1000)
        appendAndCut(bytes: 1, later: true)
        journal.goOn()
        #expect(journal.figures.spares == 2)
        #expect(try disk.names().count == 3)
        while journal.segment < 20 {
            appendAndCut(bytes: 500, later: true)
            #expect(journal.figures.spares <= 2)
        }
        disk.say(freeSpace: .max)
        while journal.segment < 25 { appendAndCut(bytes: 500, later: true) }
        let created = disk.filesCreated
        while journal.segment < 30 { appendAndCut(bytes: 500, later: true) }
        #expect(disk.filesCreated == created)
    }

    /// - Parameter later: it is cut in the next round, when what was begun has been made good with a new spare.
    private func appendAndCut(bytes: Int, later: Bool = false) {
        let position = journal.append([UInt8](repeating: 7, count: bytes))
        if later { journal.goOn() }
        journal.cut(before: journal.segment)
        journal.goOn()
        #expect(journal.durable == position)
    }
}
