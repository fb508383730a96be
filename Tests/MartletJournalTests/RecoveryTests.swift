import MartletSimulatedDisk
import Testing

@testable import MartletJournal

/// What stops a start, and what its error says.
@Suite struct RecoveryTests {
    @Test func anEmptyDirectoryIsAnEmptyJournal() throws {
        let (recovery, payloads, _) = try JournalDriver.recover(SimulatedDisk())
        #expect(payloads.isEmpty && recovery.segments.isEmpty)
    }

    @Test func aSegmentInTheMiddleIsMissing() throws {
        let disk = try journal().disk
        disk.delete("00000002.segment")
        #expect(
            try error(disk)
                == .missing(
                    file: "00000002.segment",
                    reason: "00000001.segment and 00000003.segment are there"
                )
        )
    }

    @Test func aSegmentIsShorterThanItWas() throws {
        let disk = try journal().disk
        let bytes = try #require(disk.contents("00000002.segment"))
        disk.setContents("00000002.segment", Array(bytes.prefix(300)))
        guard case .rotten("00000002.segment", 300, _) = try error(disk) else {
            Issue.record("\(try error(disk))")
            return
        }
    }

    @Test func theLastSegmentIsShorterThanItWasWhereverItIsCutOff() throws {
        let disk = try journal().disk
        let bytes = try #require(disk.contents("00000003.segment"))
        for count in 64..<bytes.count {
            disk.setContents("00000003.segment", Array(bytes.prefix(count)))
            guard case .rotten("00000003.segment", _, let reason) = try error(disk) else {
                Issue.record("\(count) bytes: \(try error(disk))")
                return
            }
            #expect(reason == "it has \(count) bytes and had \(bytes.count)", "\(count)")
        }
    }

    /// A mark may lie across two of the pieces in which a segment is searched.
    @Test func rotIsToldFromATornTailWhereverTheMarkLies() throws {
        let piece = 1 << 20
        for before in 0...Mark.size {
            let driver = try JournalDriver(SimulatedDisk(), Ledger(), seed: 1, next: 1, segmentSize: 3 << 20)
            driver.append(payload: [1])
            try driver.writeBatch(isSynced: true)
            let end = 64 + Entry.headSize + 1 + Mark.size + Entry.headSize
            driver.append(payload: [UInt8](repeating: 0x80, count: 64 + piece - before - end))
            try driver.writeBatch(isSynced: true)
            driver.append(payload: [2])
            try driver.writeBatch(isSynced: false)
            var bytes = try #require(driver.disk.contents("00000001.segment"))
            bytes[64] ^= 2
            driver.disk.setContents("00000001.segment", bytes)
            guard case .rotten("00000001.segment", 64, _) = try error(driver.disk) else {
                Issue.record("\(before): \(try error(driver.disk))")
                return
            }
        }
    }

    @Test func theEndOfASegmentIsZeros() throws {
        let disk = try journal().disk
        var bytes = try #require(disk.contents("00000002.segment"))
        bytes.replaceSubrange(200..., with: repeatElement(0, count: bytes.count - 200))
        disk.setContents("00000002.segment", bytes)
        guard case .rotten("00000002.segment", 64...200, _) = try error(disk) else {
            Issue.record("\(try error(disk))")
            return
        }
    }

    /// As when one file is put back from an old copy.
    @Test func aSegmentOfAnotherJournalIsNotTaken() throws {
        let disk = try journal().disk
        let other = try journal(seed: 9).disk
        disk.setContents("00000002.segment", try #require(other.contents("00000002.segment")))
        guard case .rotten("00000001.segment", 0, _) = try error(disk) else {
            Issue.record("\(try error(disk))")
            return
        }
    }

    @Test func aNewerVersionIsRefusedWithBothVersions() throws {
        let disk = try journal().disk
        var bytes = try #require(disk.contents("00000001.segment"))
        var header = try bytes.withUnsafeBytes { try SegmentHeader(bytes: $0) }
        header.version = 7
        bytes.withUnsafeMutableBytes { header.write(to: $0) }
        disk.setContents("00000001.segment", bytes)
        let error = try error(disk)
        #expect(error == .newerVersion(file: "00000001.segment", found: 7, known: 1))
        #expect("\(error)".contains("version 7") && "\(error)".contains("version 1"))
    }

    @Test func anUnfinishedRepairIsFinishedFirst() throws {
        let disk = try journal().disk
        disk.setContents("00000009.repair", [])
        #expect(try error(disk) == .repairUnfinished(file: "00000009.repair"))
    }

    @Test func aTornTailIsReportedAndPassedOver() throws {
        let driver = try JournalDriver(SimulatedDisk(), Ledger(), seed: 3, next: 1)
        driver.append(2)
        try driver.writeBatch(isSynced: true)
        driver.append(1)
        try driver.writeBatch(isSynced: false)
        let name = "00000001.segment"
        var bytes = try #require(driver.disk.contents(name))
        let last = try #require(bytes.lastIndex { $0 != 0 })
        bytes[last] = 0
        driver.disk.setContents(name, bytes)
        let recovery = try Recovery(driver.disk, medium: .files)
        let summary = try recovery.replay { _, _ in }
        #expect(summary.entries == 2)
        let tear = try #require(summary.tear)
        #expect(tear.file == name && tear.reason.hasPrefix("the checksum of an entry of "))
    }

    @Test func whatReplayThrowsEndsIt() throws {
        struct Stop: Error {}
        let recovery = try Recovery(journal().disk, medium: .files)
        #expect(throws: Stop.self) { try recovery.replay { _, _ in throw Stop() } }
    }

    @Test func startingAgainAndAgainPilesUpNothing() throws {
        let driver = try journal()
        let disk = driver.disk
        var ledger = driver.ledger
        var names: Set<[String]> = []
        for seed in 0..<20 as Range<UInt64> {
            let next = try JournalDriver(disk, ledger, seed: seed, next: 1000)
            ledger = next.ledger
            names.insert(disk.everyName)
        }
        // With a spare, which is made before the first entry comes.
        #expect(names.count == 1)
    }

    private func journal(seed: UInt64 = 2) throws -> JournalDriver {
        let driver = try JournalDriver(SimulatedDisk(seed: seed), Ledger(), seed: seed, next: 1)
        while !driver.disk.everyName.contains("00000003.segment") {
            driver.append(2)
            try driver.writeBatch(isSynced: true)
        }
        try driver.close()
        return driver
    }

    private func error(_ disk: SimulatedDisk) throws -> JournalError {
        try #require(throws: JournalError.self) { try JournalDriver.recover(disk) }
    }
}
