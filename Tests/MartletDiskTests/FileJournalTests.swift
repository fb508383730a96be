import Foundation
import MartletDisk
import MartletJournal
import MartletSimulatedDisk
import Testing

@Suite struct FileJournalTests {
    private let directory = TemporaryDirectory()
    private let signal = Signal()

    private static var small: FileSettings {
        var settings = FileSettings()
        settings.segmentSize = 4096
        return settings
    }

    @Test func whatWasAppendedIsThereInTheNextRun() throws {
        try run(after: []) { journal in
            journal.append([1, 2, 3], [4])
            let position = journal.append([5])
            #expect(signal.wait { journal.durable == position })
            #expect(journal.condition == .ready && journal.written == position)
        }
        try run(after: [[1, 2, 3], [4], [5]]) { $0.append([6]) }
        try run(after: [[1, 2, 3], [4], [5], [6]]) { _ in }
    }

    /// Fewer than the journal would wait for after a sync that many have shared.
    @Test func whoComesAloneAfterManyIsServed() throws {
        try run(after: [], Self.small) { journal in
            for (number, waiting) in [100, 1, 50, 2].enumerated() {
                let position = entries([[7]]).withUnsafeBytes { journal.append($0, promised: true, waiting: waiting) }
                #expect(signal.wait { journal.durable == position })
                // When it has come to rest, nothing but an append rouses its thread.
                #expect(signal.wait { marks(in: "00000001.segment") == number + 1 })
            }
        }
    }

    @Test func segmentsFollowOneAnotherAndOneIsAsLargeAsItsAppend() throws {
        let payloads = (0..<300).map { [UInt8](repeating: UInt8($0 % 251), count: $0 == 150 ? 100_000 : 1 + $0) }
        try run(after: [], Self.small) { journal in
            for payload in payloads {
                let before = journal.segment
                journal.append(payload)
                #expect(journal.segment >= before)
            }
        }
        try run(after: payloads, Self.small) { journal in #expect(journal.figures.segments > 10) }
    }

    @Test func cutSegmentsAreUsedAgainAndTheRestIsGivenBack() throws {
        try run(after: [], Self.small) { journal in
            var position: UInt64 = 0
            for number in 0..<600 { position = journal.append([UInt8](repeating: UInt8(number % 200), count: 100)) }
            #expect(signal.wait { journal.durable == position })
            journal.cut(before: journal.segment)
            #expect(signal.wait { journal.figures.segments == 1 && journal.figures.spares == 3 })
            #expect(signal.wait { names().count == 5 })
            #expect(names().contains("lock"))
        }
        let recovery = try Recovery(FileDisk(directory: directory.path), medium: .files)
        #expect(recovery.segments.map(\.number) == [recovery.segments[0].number])
        #expect(try recovery.payloads().count < 40)
    }

    @Test func syncedNowAndThenItIsDurableWhenItIsWritten() throws {
        var settings = Self.small
        settings.sync = .every(milliseconds: 5)
        try run(after: [], settings) { journal in
            let position = journal.append([1])
            #expect(signal.wait { journal.durable == position })
            #expect(signal.wait { journal.figures.syncs == 1 })
        }
    }

    @Test func afterAFailedSyncNothingIsDurableAnyMoreAndWhatWasNotIsHandedBack() throws {
        let disk = SimulatedDisk()
        let journal = try journal(on: disk) {}
        let first = journal.append([1])
        #expect(signal.wait { journal.durable == first && journal.figures.spares == 2 })
        disk.failNextSync()
        journal.append([2], [3])
        #expect(signal.wait { journal.condition != .ready })
        journal.append([4])
        guard case .failed(let reason) = journal.condition else {
            Issue.record("\(journal.condition)")
            return
        }
        #expect(reason.contains("Input/output error"))
        #expect(journal.durable == first)
        var handedBack: [[UInt8]] = []
        journal.unsyncedEntries { handedBack.append(Array($0)) }
        #expect(handedBack == [[2], [3], [4]])
        journal.close()
        #expect(journal.durable == first)
    }

    @Test func nothingIsCutBeforeWhatTakesItsPlaceIsSynced() throws {
        let disk = SimulatedDisk()
        let recovery = try Recovery(disk, medium: .files)
        _ = try recovery.payloads()
        var settings = Self.small
        settings.sync = .every(milliseconds: 3_600_000)
        let journal = try FileJournal(continuing: recovery, on: disk, settings: settings) {}
        let first = "00000001.segment"
        while journal.segment < 3 { _ = journal.append([UInt8](repeating: 7, count: 200)) }
        journal.cut(before: journal.segment)
        let position = journal.append([8])
        #expect(signal.wait { journal.written == position })
        // The thread has seen the cut: it was left before the entry. Nothing is cut while it ends.
        journal.close()
        #expect(try disk.exists(first))
    }

    @Test func withoutSpaceItIsFullAndWithSpaceItGoesOn() throws {
        let disk = SimulatedDisk()
        let journal = try journal(on: disk) {}
        #expect(signal.wait { journal.figures.spares == 2 })
        disk.hasSpace = false
        let payload = [UInt8](repeating: 7, count: 200)
        var position: UInt64 = 0
        var appended = 0
        // Appended one by one, as whoever asks before each would; what is in reserve takes deletes still.
        while journal.condition == .ready, appended < 1000 {
            position = journal.append(payload)
            appended += 1
            #expect(signal.wait { journal.durable == position || journal.condition == .full })
        }
        #expect(journal.condition == .full && appended > 5)
        for _ in 0..<30 { position = journal.append(payload) }
        #expect(journal.durable < position)
        disk.hasSpace = true
        #expect(signal.wait { journal.durable == position && journal.condition == .ready })
        journal.close()
        #expect(try Recovery(disk, medium: .files).payloads().count == appended + 30)
    }

    /// It starts all the same, takes nothing before what the last run has left is durable, and goes on by itself.
    @Test func aStartWhoseSyncsFindNoSpaceWaitsForIt() throws {
        let first = SimulatedDisk()
        let before = try journal(on: first) {}
        let position = before.append([1], [2])
        #expect(signal.wait { before.durable == position })
        before.close()
        let disk = first.afterKill()
        disk.hasSpaceForSyncs = false
        let signal = signal
        let journal = try journal(on: disk) { signal.announce() }
        #expect(journal.condition == .full && journal.figures.room == 0)
        // A lease that ends, say: its record waits.
        let next = journal.append([3])
        #expect(journal.durable < next && journal.written < next)
        disk.hasSpaceForSyncs = true
        #expect(signal.wait { journal.durable == next && journal.condition == .ready })
        journal.close()
        #expect(try Recovery(disk, medium: .files).payloads() == [[1], [2], [3]])
    }

    /// Nobody appends or cuts meanwhile: it is looked for space by itself.
    @Test func segmentsThatCannotBeCutForWantOfSpaceAreCutLater() throws {
        let disk = SimulatedDisk()
        let journal = try journal(on: disk) {}
        defer { journal.close() }
        var position: UInt64 = 0
        while journal.segment < 3 { position = journal.append([UInt8](repeating: 7, count: 200)) }
        #expect(signal.wait { journal.durable == position && journal.figures.spares == 2 })
        disk.hasSpaceForNames = false
        journal.cut(before: journal.segment)
        #expect(signal.wait { disk.namesRefused > 1 })
        #expect(journal.figures.segments > 1 && journal.condition == .ready)
        disk.hasSpaceForNames = true
        #expect(signal.wait { journal.figures.segments == 1 })
    }

    /// A next segment is begun while a little of the last one is left: that little is no room any more.
    @Test func atTheEndOfTheReserveThereIsNoRoom() throws {
        let disk = SimulatedDisk()
        let journal = try journal(on: disk) {}
        defer { journal.close() }
        #expect(signal.wait { journal.figures.spares == 2 })
        disk.hasSpace = false
        // As long as there are segments that were prepared.
        let first = journal.segment
        while journal.segment < first + 2 {
            let position = journal.append([UInt8](repeating: 7, count: 50))
            #expect(signal.wait { journal.durable == position })
        }
        // Seen by the next turn, before anything more is appended.
        #expect(signal.wait { journal.figures.room == 0 })
        #expect(journal.condition == .full)
    }

    private func names() -> [String] { contents(of: directory.path) }

    /// How many marks a segment holds, by the word that each begins with.
    private func marks(in name: String) -> Int {
        let bytes = FileManager.default.contents(atPath: "\(directory.path)/\(name)").map(Array.init) ?? []
        return bytes.indices.dropLast(3).count { bytes[$0...].prefix(4).elementsEqual([0x10, 0, 0, 0x80]) }
    }

    private func journal(on disk: SimulatedDisk, advanced: @escaping @Sendable () -> Void) throws -> FileJournal {
        let recovery = try Recovery(disk, medium: .files)
        _ = try recovery.payloads()
        return try FileJournal(continuing: recovery, on: disk, settings: Self.small, advanced: advanced)
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
        let signal = signal
        let journal = try FileJournal(continuing: recovery, on: disk, settings: settings) { signal.announce() }
        defer { journal.close() }
        try body(journal)
    }
}
