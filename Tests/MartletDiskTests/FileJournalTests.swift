import MartletDisk
import MartletJournal
import Testing

@Suite struct FileJournalTests {
    private let directory = TemporaryDirectory()

    @Test func whatWasAppendedIsThereInTheNextRun() throws {
        try run(after: []) { journal in
            journal.append([1, 2, 3], [4])
            let position = journal.append([5])
            journal.close()
            #expect(journal.durable == position)
            #expect(journal.condition == .ready)
        }
        try run(after: [[1, 2, 3], [4], [5]]) { $0.append([6]) }
        try run(after: [[1, 2, 3], [4], [5], [6]]) { _ in }
    }

    /// Recovers, expects these payloads, goes on, and gives the directory free again.
    private func run(
        after expected: [[UInt8]],
        _ settings: FileSettings = FileSettings(),
        _ body: (FileJournal) throws -> Void
    ) throws {
        let disk = try FileDisk(directory: directory.path)
        let recovery = try Recovery(disk, medium: .files)
        #expect(try recovery.payloads() == expected)
        let journal = try FileJournal(continuing: recovery, on: disk, settings: settings) {}
        defer { journal.close() }
        try body(journal)
    }
}
