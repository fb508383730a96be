import MartletJournal
import MartletSimulatedDisk
import Testing

/// The end of a journal in a file that has been used before, where what it contained looks like a torn tail.
@Suite struct TornTailTests {
    private static let name = "00000005.segment"

    /// The fifth segment is in a file that was an earlier one.
    private func journalInUsedFile() throws -> JournalDriver {
        let driver = try JournalDriver(SimulatedDisk(), Ledger(), seed: 1, next: 1)
        for _ in 0..<4 { try driver.fillAndCut() }
        return driver
    }

    /// The same with two entries, and what it contains then.
    private func journalWithEntries() throws -> (driver: JournalDriver, before: [UInt8], entries: UInt64) {
        let driver = try journalInUsedFile()
        for size in [30, 70] { driver.append(payload: [UInt8](repeating: 1, count: size)) }
        try driver.writeBatch(isSynced: true)
        return (driver, try contents(driver), try summary(driver.disk.copy()).entries)
    }

    private func contents(_ driver: JournalDriver) throws -> [UInt8] {
        try #require(driver.disk.contents(Self.name))
    }

    private func summary(_ disk: SimulatedDisk) throws -> ReplaySummary {
        try Recovery(disk, medium: .files).replay { _, _ in }
    }

    @Test func itIsReportedWhereverTheLastWriteWasTorn() throws {
        let (driver, before, entries) = try journalWithEntries()
        for size in [50, 1, 90] { driver.append(payload: [UInt8](repeating: 2, count: size)) }
        try driver.writeBatch(isSynced: false)
        try expectTears(from: before, to: contents(driver), driver, entries: entries...(entries + 3))
    }

    /// The mark behind a batch is not synced.
    @Test func aTornMarkIsReported() throws {
        let (driver, before, entries) = try journalWithEntries()
        try driver.close()
        try expectTears(from: before, to: contents(driver), driver, entries: entries...entries)
    }

    /// Any part of the last write has replaced what was there.
    private func expectTears(
        from before: [UInt8],
        to after: [UInt8],
        _ driver: JournalDriver,
        entries: ClosedRange<UInt64>
    ) throws {
        let changed = before.indices.filter { before[$0] != after[$0] }
        let (first, last) = (try #require(changed.first), try #require(changed.last))
        for end in first...(last + 1) {
            let torn = Array(after[..<end] + before[end...])
            let disk = driver.disk.copy()
            disk.setContents(Self.name, torn)
            let summary = try summary(disk)
            #expect(entries.contains(summary.entries))
            let report = try #require(try JournalCheck.run(disk) { _, _ in }.segments.last)
            if torn == before || torn == after {
                #expect(summary.tear == nil && report.verdict == .good, "at \(end)")
            } else {
                let tear = try #require(summary.tear, "at \(end)")
                #expect(tear.file == Self.name && tear.offset <= last + 1 && !tear.reason.isEmpty)
                guard case .torn(let defect) = report.verdict else { throw JournalDriver.Wrong("\(report) at \(end)") }
                #expect(defect.offset == tear.offset && defect.reason == tear.reason)
            }
        }
    }

    /// After every step, and however few bytes of the segment are left.
    @Test func aGoodEndIsNotReported() throws {
        for room in 0...40 {
            let driver = try journalInUsedFile()
            func expectGoodEnd(_ step: String) throws {
                let disk = driver.disk.copy()
                #expect(try summary(disk).tear == nil, "\(step) with \(room) bytes of room")
                #expect(try JournalCheck.run(disk) { _, _ in }.segments.map(\.verdict).allSatisfy { $0 == .good })
            }
            driver.append(payload: [1])
            try driver.writeBatch(isSynced: true)
            try expectGoodEnd("an entry")
            try driver.writer.mark()
            try expectGoodEnd("a mark")
            // A mark goes before it, and a head.
            let size = Int(driver.layout.room) - 24 - 8 - room
            driver.append(payload: [UInt8](repeating: 7, count: size))
            try driver.writeBatch(isSynced: true)
            #expect(driver.layout.room == UInt64(room))
            try expectGoodEnd("a full segment")
            try driver.close()
            try expectGoodEnd("a mark behind a full segment")
            #expect(try contents(driver).count == 1024)
        }
    }

    /// What the last run has left gets a mark when the next one begins a segment, and its rest stays for want of space.
    @Test func aSegmentThatWasLeftBehindIsGood() throws {
        var unshrunk = 0
        for step in 0..<12 {
            let first = try journalInUsedFile()
            first.append(payload: [1])
            try first.writeBatch(isSynced: true)
            let disk = first.disk.afterKill()
            let second = try JournalDriver(disk, first.ledger, seed: 1, next: 1000)
            second.append(payload: [2])
            disk.faults = [disk.steps + step: .noSpace]
            do throws(DiskError) {
                try second.writeBatch(isSynced: true)
                if disk.contents(Self.name)?.count == 1024 { unshrunk += 1 }
            } catch {}
            let left = disk.copy()
            left.delete("00000006.segment")
            let summary = try summary(left)
            #expect(summary.entries == 2 && summary.tear == nil, "step \(step)")
        }
        #expect(unshrunk > 0)
    }

    /// A start writes again what a failed sync may have dropped: the terminator, too.
    @Test func whatWasWrittenAgainEndsWell() throws {
        let first = try journalInUsedFile()
        first.append(payload: [1])
        try first.writeBatch(isSynced: true)
        first.append(payload: [2])
        try first.writeBatch(isSynced: false)
        let disk = first.disk.afterKill()
        disk.dropPendingBytes()
        _ = try JournalDriver(disk, first.ledger, seed: 1, next: 1000)
        for seed in 0..<20 as Range<UInt64> {
            let summary = try summary(disk.afterPowerLoss(seed: seed))
            #expect(summary.entries == 3 && summary.tear == nil, "seed \(seed)")
        }
    }

    /// What is torn stays to be looked at until something is appended.
    @Test func aStartLeavesATornTailAsItIs() throws {
        let driver = try journalInUsedFile()
        driver.append(payload: [1])
        try driver.writeBatch(isSynced: true)
        let before = try contents(driver)
        driver.append(payload: [UInt8](repeating: 2, count: 90))
        try driver.writeBatch(isSynced: false)
        let after = try contents(driver)
        let end = try #require(before.indices.last { before[$0] != after[$0] })
        let disk = driver.disk.copy()
        disk.setContents(Self.name, Array(after[..<(end - 40)] + before[(end - 40)...]))
        let tear = try #require(try summary(disk).tear)
        _ = try JournalDriver(disk, driver.ledger, seed: 1, next: 1000)
        #expect(try summary(disk).tear == tear)
    }

    /// Each step that leads to its first entry finds no space.
    @Test func aSegmentWithoutAnEntryIsGood() throws {
        var begun = 0
        for step in 0..<10 {
            let driver = try journalInUsedFile()
            driver.append(payload: [1])
            driver.disk.faults = [driver.disk.steps + step: .noSpace]
            do throws(DiskError) { try driver.writeBatch(isSynced: true) } catch {}
            let disk = driver.disk.copy()
            let recovery = try Recovery(disk, medium: .files)
            let summary = try recovery.replay { _, _ in }
            #expect(summary.tear == nil, "step \(step)")
            if recovery.segments.last?.name == Self.name, summary.entries == 1 { begun += 1 }
        }
        #expect(begun > 0)
    }
}
