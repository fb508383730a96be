import MartletJournal
import MartletSimulatedDisk
import Testing

@testable import MartletDisk

/// What is cut goes as quickly as it comes, however little the thread does between two batches.
@Suite struct BacklogTests {
    /// Each message begins a segment, and each round cuts one and has one to give back.
    @Test func oneSegmentARoundLeavesNoFilesBehind() throws {
        let disk = SimulatedDisk()
        let recovery = try Recovery(disk, medium: .files)
        try recovery.replay { _, _ in }
        var settings = FileSettings()
        settings.segmentSize = 4096
        let writer = try SegmentWriter(continuing: recovery, on: disk, settings: settings)
        let journal = FileJournal(writer, clock: { .zero }, advanced: {})
        var most = 0
        for _ in 0..<300 {
            // Larger than a segment: what it leaves cannot be used again.
            let position = journal.append([UInt8](repeating: 7, count: 5000))
            journal.cut(before: journal.segment)
            journal.goOn()
            #expect(journal.durable == position)
            most = max(most, try disk.names().count)
        }
        #expect(most < 30)
    }
}
