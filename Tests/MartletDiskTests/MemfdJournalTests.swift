import Glibc
import MartletDisk
import MartletJournal
import Testing

@Suite struct MemfdJournalTests {
    private let keeper = KeeperDouble()
    private let signal = Signal()

    private static var small: MemfdSettings {
        var settings = MemfdSettings()
        settings.segmentSize = 4096
        return settings
    }

    @Test func whatWasAppendedIsDurableAtOnceAndThereInTheNextRun() throws {
        try run(after: []) { journal in
            let position = journal.append([1, 2, 3], [4])
            #expect(journal.durable == position)
            #expect(journal.append([5]) == journal.durable)
        }
        try run(after: [[1, 2, 3], [4], [5]]) { $0.append([6]) }
        try run(after: [[1, 2, 3], [4], [5], [6]]) { _ in }
        #expect(keeper.names.first == "martlet-journal-1-00000001")
    }

    @Test func manySegmentsAreHandedOverInOrder() throws {
        let payloads = (0..<500).map { [UInt8](repeating: UInt8($0 % 251), count: 1 + $0 % 300) }
        try run(after: [], Self.small) { journal in
            var position: UInt64 = 0
            for payload in payloads { position = journal.append(payload) }
            #expect(signal.wait { journal.durable == position })
            #expect(journal.figures.segments > 10)
        }
        try run(after: payloads, Self.small) { _ in }
    }

    /// Recovers from what the keeper has, expects these payloads, and goes on.
    private func run(
        after expected: [[UInt8]],
        _ settings: MemfdSettings = MemfdSettings(),
        _ body: (MemfdJournal) throws -> Void
    ) throws {
        let store = try MemfdStore(inherited: keeper.inherited(), keeper: keeper)
        let recovery = try Recovery(store, medium: .memory)
        #expect(try recovery.payloads() == expected)
        let signal = signal
        let journal = try MemfdJournal(continuing: recovery, on: store, settings: settings) { signal.announce() }
        defer { journal.close() }
        try body(journal)
    }
}
