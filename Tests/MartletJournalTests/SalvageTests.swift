import MartletSimulatedDisk
import Testing

@testable import MartletJournal

/// How much of a damaged journal a repair keeps, and what is said of it.
@Suite struct SalvageTests {
    /// Three segments and more of 32 KiB, each with many batches.
    private let driver: JournalDriver
    private var disk: SimulatedDisk { driver.disk }

    init() throws { driver = try Self.journal(5) }

    private static func journal(_ seed: UInt64) throws -> JournalDriver {
        let disk = SimulatedDisk(seed: seed)
        let driver = try JournalDriver(disk, Ledger(), seed: seed, next: UInt32(seed) << 20, segmentSize: 32 << 10)
        while !disk.everyName.contains("00000004.segment") {
            driver.append(2)
            try driver.writeBatch(isSynced: true)
        }
        for _ in 0..<60 {
            driver.append(2)
            try driver.writeBatch(isSynced: true)
        }
        try driver.close()
        return driver
    }

    private func spoil(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try #require(disk.contents(name))
        change(&bytes)
        disk.setContents(name, bytes)
    }

    private func repair() throws -> JournalRepair.Summary {
        let summary = try #require(try JournalRepair(disk).run())
        #expect(try JournalCheck.run(disk).isGood)
        return summary
    }

    private func report(_ name: String) throws -> SegmentReport {
        try #require(try JournalCheck.run(disk).segments.first { $0.file == name })
    }

    /// Payloads that are not there any more after a repair.
    private func lost() throws -> Int {
        _ = try repair()
        let kept = try JournalDriver.recover(disk).1
        #expect(Set(kept).isSubset(of: driver.ledger.payloads))
        return driver.ledger.payloads.count - kept.count
    }

    // MARK: Headers

    @Test(arguments: ["00000001.segment", "00000004.segment"])
    func zerosInPlaceOfTheFirstWordCostNothing(_ name: String) throws {
        try spoil(name) { $0.replaceSubrange(0..<8, with: repeatElement(0, count: 8)) }
        #expect(try lost() == 0)
    }

    @Test func zerosInPlaceOfTheFirstPageCostThatPage() throws {
        try spoil("00000004.segment") { $0.replaceSubrange(0..<4096, with: repeatElement(0, count: 4096)) }
        #expect((1..<80).contains(try lost()))
    }

    @Test func aBlankFileHasNothingInIt() throws {
        try spoil("00000004.segment") { $0 = [UInt8](repeating: 0, count: $0.count) }
        #expect(try report("00000004.segment").entries == 0)
        _ = try repair()
    }

    @Test func aFlippedBitOfTheVersionIsNoNewerVersion() throws {
        try spoil("00000004.segment") { $0[8] ^= 2 }
        let error = #expect(throws: JournalError.self) { try JournalDriver.recover(disk) }
        let reason = "the version in its header is wrong: 3"
        #expect(error == .rotten(file: "00000004.segment", offset: 0, reason: reason))
        #expect(try lost() == 0)
    }

    /// The segments beside a whole one of another journal are as good as before.
    @Test func aHeaderThatVerifiesIsBelieved() throws {
        let other = try Self.journal(6).disk
        let foreign = try #require(other.contents("00000003.segment"))
        let before = try JournalCheck.run(disk).segments
        disk.setContents("00000003.segment", foreign)
        let report = try JournalCheck.run(disk)
        #expect(report.segments[1].entries == before[1].entries)
        #expect(report.segments[1].lacking == "00000003.segment")
        #expect(report.segments.map(\.verdict).allSatisfy { !$0.stopsTheStart })
        #expect(report.misfits.map(\.next) == ["00000003.segment", "00000004.segment"])
        #expect(!report.isGood)
        let kept = try repair().entries
        #expect(kept == report.entries)
    }

    // MARK: Blocks that cannot be read

    @Test(arguments: ["00000001.segment", "00000004.segment"])
    func aFirstBlockThatCannotBeReadIsDamage(_ name: String) throws {
        disk.unreadable = (name, 0)
        let report = try report(name)
        #expect("\(report)".contains("rotten at offset 0: 4096 bytes cannot be read: Input/output error"), "\(report)")
        #expect((1..<80).contains(try lost()))
    }

    @Test func aBlockInTheMiddleCostsItsBatches() throws {
        disk.unreadable = ("00000002.segment", 20_000)
        let report = try report("00000002.segment")
        #expect("\(report)".contains("at offset 16384: 4096 bytes cannot be read: Input/output error"), "\(report)")
        #expect((1..<80).contains(try lost()))
    }

    /// Behind the last entry there is nothing to lose, but a start reads it, too.
    @Test func aBlockBehindTheEntriesIsDamage() throws {
        disk.unreadable = ("00000004.segment", 32_000)
        #expect(throws: JournalError.self) { try JournalDriver.recover(disk) }
        #expect(try !JournalCheck.run(disk).isGood)
        #expect(try lost() == 0)
    }

    // MARK: Neighbours

    @Test func theNeighbourOfAMissingSegmentIsGood() throws {
        let before = try report("00000002.segment")
        disk.delete("00000003.segment")
        let check = try JournalCheck.run(disk)
        #expect(check.findings == ["segment 3 is missing"])
        let text = "\(before), good".replacing(", good, good", with: ", good")
        #expect("\(check.segments[1])" == "\(text); where it ends cannot be told without 00000003.segment")
        #expect(check.segments[2].lacking == nil)
    }

    @Test func theNeighbourOfADamagedSegmentIsGood() throws {
        try spoil("00000003.segment") { $0.replaceSubrange(0..<64, with: repeatElement(0xFF, count: 64)) }
        let report = try report("00000002.segment")
        #expect(report.verdict == .good && report.lacking == "00000003.segment")
    }

    @Test func aSegmentThatIsTooShortIsNotGood() throws {
        try spoil("00000001.segment") { $0.removeLast($0.count / 2) }
        #expect(try report("00000001.segment").verdict.stopsTheStart)
    }

    @Test func aStrayNumberIsARangeOfMissingOnes() throws {
        disk.setContents("ffffffff.segment", [1, 2, 3])
        let check = try JournalCheck.run(disk)
        #expect(check.missing == [5...(.max - 1)])
        #expect(check.findings == ["segments 5 to 4294967294 are missing"])
        let names = disk.everyName
        #expect(throws: RepairError.noNumbersLeft(file: "ffffffff.segment")) { try JournalRepair(disk).run() }
        #expect(disk.everyName == names)
    }

    // MARK: Space

    @Test(arguments: 0..<12) func aRepairThatFailsLeavesNothing(_ step: Int) throws {
        try spoil("00000002.segment") { $0[200] ^= 1 }
        let names = disk.everyName
        disk.faults = [disk.steps + step: .noSpace]
        #expect(throws: (any Error).self) { try JournalRepair(disk).run() }
        #expect(disk.everyName == names)
        _ = try repair()
    }

    @Test func aRepairThatFindsNoSpaceSaysHowMuchItTakes() throws {
        try spoil("00000002.segment") { $0[200] ^= 1 }
        let names = disk.everyName
        disk.hasSpace = false
        let error = try #require(throws: RepairError.self) { try JournalRepair(disk).run() }
        #expect(disk.everyName == names)
        guard case .noSpace(let bytes, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect("\(error)".contains("it takes \(bytes) bytes at most. Nothing was changed"))
        disk.hasSpace = true
        _ = try repair()
        let new = disk.everyName.filter { !$0.contains("/") && !names.contains($0) }
        let taken = new.reduce(0) { $0 + (disk.contents($1)?.count ?? 0) }
        #expect(taken > 0 && (taken...(3 * taken)).contains(Int(bytes)), "\(taken) bytes")
    }

    @Test func whatAStoppedRepairHasLeftIsRemoved() throws {
        try spoil("00000002.segment") { $0[200] ^= 1 }
        disk.setContents("00000005.repairing", [1, 2, 3])
        _ = try repair()
        #expect(!disk.everyName.contains { $0.contains("repairing") })
    }
}
