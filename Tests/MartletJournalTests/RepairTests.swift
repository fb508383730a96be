import MartletJournal
import MartletSimulatedDisk
import Testing

@Suite struct RepairTests {
    @Test func aGoodJournalNeedsNone() throws {
        let driver = try journal(1)
        let report = try JournalCheck.run(driver.disk)
        #expect(report.isGood)
        #expect(report.entries == UInt64(driver.ledger.payloads.count))
        #expect(try repair(driver.disk) == nil)
    }

    /// Each byte of each segment is spoiled, and at most what the spoiled part held is lost.
    @Test func whateverByteIsSpoiledTheRestIsKept() throws {
        let driver = try journal(2)
        let original = driver.ledger.payloads
        var repaired = 0
        for name in driver.disk.everyName where name.hasSuffix(".segment") {
            let bytes = try #require(driver.disk.contents(name))
            for index in bytes.indices {
                let disk = driver.disk.copy()
                var spoiled = bytes
                spoiled[index] ^= 0x5A
                disk.setContents(name, spoiled)
                let before = disk.everyName
                guard let summary = try repair(disk) else { continue }
                repaired += 1
                let kept = try JournalDriver.recover(disk).1
                #expect(kept.count >= original.count - 4, "\(name), byte \(index): \(kept.count)")
                #expect(kept.allSatisfy(original.contains) && isInOrder(kept, original))
                #expect(summary.entries == UInt64(kept.count))
                let isThere = summary.setAside.allSatisfy { disk.contents("\(summary.folder)/\($0)") != nil }
                #expect(isThere && disk.everyName.count >= before.count)
            }
        }
        #expect(repaired > 500)
    }

    @Test func aSegmentWhoseHeaderIsGoneIsReadByWhatTheNextOneSays() throws {
        let driver = try journal(2)
        var bytes = try #require(driver.disk.contents("00000001.segment"))
        bytes.replaceSubrange(0..<64, with: repeatElement(0xFF, count: 64))
        driver.disk.setContents("00000001.segment", bytes)
        _ = try repair(driver.disk)
        #expect(try JournalDriver.recover(driver.disk).1 == driver.ledger.payloads)
    }

    /// Behind the last segment there is none that says what it was: its first mark, or the header itself, has to do.
    @Test func aBitInTheHeaderOfTheLastSegmentCostsNothing() throws {
        let driver = try journal(1)
        let name = try #require(driver.disk.everyName.filter { $0.hasSuffix(".segment") }.max())
        let bytes = try #require(driver.disk.contents(name))
        for index in 0..<64 {
            let disk = driver.disk.copy()
            var spoiled = bytes
            spoiled[index] ^= 1 << UInt8(index % 8)
            disk.setContents(name, spoiled)
            _ = try repair(disk)
            #expect(try JournalDriver.recover(disk).1 == driver.ledger.payloads, "byte \(index)")
        }
    }

    /// The power goes at every step of a repair; another one does the rest, and no byte of the old files is lost.
    @Test func itCanBeStoppedAnywhere() throws {
        let driver = try journal(4)
        let spoiled = try spoilSecond(driver.disk)
        try stopAnywhere(driver.disk) { disk, place in
            let old = disk.everyName.first { $0.hasPrefix("set-aside") && $0.hasSuffix("/00000002.segment") }
            #expect(old.flatMap { disk.contents($0) } == spoiled, "\(place)")
        }
    }

    /// Somebody has put the files back that a repair had set aside, all of them or one, and kept them in the folder.
    @Test(arguments: [true, false]) func itCanBeMadeAgainWithTheSameNumbers(_ isMarked: Bool) throws {
        let driver = try journal(4)
        let disk = driver.disk
        let spoiled = try spoilSecond(disk)
        let first = try #require(try repair(disk))
        for name in disk.everyName where !name.contains("/") { disk.delete(name) }
        for name in first.setAside { disk.setContents(name, try #require(disk.contents("\(first.folder)/\(name)"))) }
        if !isMarked {
            for name in disk.everyName where name.hasSuffix(".repair") || name.hasSuffix("/00000003.segment") {
                disk.delete(name)
            }
        }
        try stopAnywhere(disk) { disk, place in
            for folder in ["set-aside-4", "set-aside-4-2"] {
                #expect(disk.contents("\(folder)/00000002.segment") == spoiled, "\(folder), \(place)")
            }
            #expect(disk.contents("set-aside-4-2/00000003.segment") != nil, "\(place)")
        }
    }

    private func spoilSecond(_ disk: SimulatedDisk) throws -> [UInt8] {
        var bytes = try #require(disk.contents("00000002.segment"))
        bytes[100] ^= 1
        disk.setContents("00000002.segment", bytes)
        return bytes
    }

    private func stopAnywhere(_ original: SimulatedDisk, _ check: (SimulatedDisk, String) throws -> Void) throws {
        let whole = original.copy()
        let before = whole.steps
        _ = try repair(whole)
        let expected = try JournalDriver.recover(whole).1
        #expect(whole.steps > before + 10 && expected.count > 5)
        for step in 0..<(whole.steps - before) {
            for survivors in 0..<5 as Range<UInt64> {
                let disk = original.copy()
                disk.faults = [before + step: .powerLoss]
                #expect(throws: DiskError.self) { try repair(disk) }
                let next = disk.afterPowerLoss(seed: survivors)
                _ = try repair(next)
                let place = "step \(step), survivors \(survivors)"
                #expect(try JournalDriver.recover(next).1 == expected, "\(place)")
                try check(next, place)
            }
        }
    }

    @Test func aCheckNamesFileOffsetAndReason() throws {
        let driver = try journal(2)
        var bytes = try #require(driver.disk.contents("00000002.segment"))
        bytes[64 + 8] ^= 1
        driver.disk.setContents("00000002.segment", bytes)
        let report = try JournalCheck.run(driver.disk)
        #expect(!report.isGood)
        let segment = report.segments[1]
        #expect(segment.file == "00000002.segment")
        guard case .rotten(let defects) = segment.verdict else {
            Issue.record("\(segment)")
            return
        }
        #expect(defects.map(\.offset) == [64])
        #expect("\(segment)".contains("at offset 64: the checksum of an entry of"))
    }

    private func isInOrder(_ kept: [[UInt8]], _ original: [[UInt8]]) -> Bool {
        let places = kept.compactMap { original.firstIndex(of: $0) }
        return places == places.sorted() && Set(places).count == places.count
    }

    private func repair(_ disk: SimulatedDisk) throws -> JournalRepair.Summary? {
        try JournalRepair(disk, settings: JournalDriver.settings).run()
    }

    private func journal(_ seed: UInt64) throws -> JournalDriver {
        let driver = try JournalDriver(SimulatedDisk(seed: seed), Ledger(), seed: seed, next: 1)
        while !driver.disk.everyName.contains("00000003.segment") {
            driver.append(2)
            try driver.writeBatch(isSynced: true)
        }
        try driver.close()
        return driver
    }
}
