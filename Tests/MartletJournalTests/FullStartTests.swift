import MartletSimulatedDisk
import Testing

@testable import MartletJournal

/// Starts on a disk without space for a segment: the run goes on in the last one.
@Suite struct FullStartTests {
    /// A journal of one segment, with entries that were synced and some that were not, on a disk that is full now.
    private func fullDisk(_ seed: UInt64) throws -> (disk: SimulatedDisk, ledger: Ledger, next: UInt32) {
        let driver = try JournalDriver(SimulatedDisk(seed: seed), Ledger(), seed: seed, next: 1)
        driver.append(2)
        try driver.writeBatch(isSynced: true)
        // Two writes of entries of one size each: the power may take the first and leave the second.
        for number in 0..<2 as Range<UInt8> {
            driver.append(payload: [UInt8](repeating: 100 + number, count: 40))
            try driver.writeBatch(isSynced: false)
        }
        return (driver.disk, driver.ledger, driver.nextPayload)
    }

    /// One start after another, each of which appends a little, killed or cut off in turn.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func startsInARowUseOneSegment(_ seed: UInt64) throws {
        var (disk, ledger, next) = try fullDisk(seed)
        for life in 0..<6 as Range<UInt64> {
            disk = life % 3 == 0 ? disk.afterPowerLoss(seed: seed &* 31 &+ life) : disk.afterKill()
            disk.hasSpace = false
            let driver = try JournalDriver(disk, ledger, seed: seed, next: next)
            driver.append(payload: [UInt8](repeating: UInt8(life), count: 40))
            try driver.writeBatch(isSynced: true)
            (ledger, next) = (driver.ledger, driver.nextPayload)
        }
        let recovery = try JournalDriver.recover(disk).0
        #expect(recovery.segments.map(\.number) == [1])
        // When there is space again, the next run has a segment of its own.
        let rich = disk.afterKill()
        let driver = try JournalDriver(rich, ledger, seed: seed, next: next)
        driver.append(1)
        try driver.writeBatch(isSynced: true)
        #expect(try JournalDriver.recover(rich).0.segments.map(\.number) == [1, 2])
    }

    /// A start writes nothing that adds up, with a mark behind the last batch or without.
    @Test func aStartByItselfUsesNothingUp() throws {
        var (disk, ledger, next) = try fullDisk(3)
        var ends: Set<UInt64> = []
        for _ in 0..<50 {
            disk = disk.afterKill()
            disk.hasSpace = false
            let driver = try JournalDriver(disk, ledger, seed: 3, next: next)
            ends.insert(driver.layout.offset)
            try driver.close()
            (ledger, next) = (driver.ledger, driver.nextPayload)
        }
        #expect(ends.count == 1)
    }

    /// What lay torn behind the entries does not come back to life behind new ones, wherever the power goes.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func thePowerGoesAtEveryStepOfSuchAStart(_ seed: UInt64) throws {
        let (full, ledger, next) = try fullDisk(seed)
        for (survivors, step) in (0..<256).flatMap({ survivors in (0..<12).map { (UInt64(survivors), $0) } }) {
            let torn = full.afterPowerLoss(seed: survivors / 16)
            torn.hasSpace = false
            torn.faults = [step: .powerLoss]
            let second = try live(on: torn, ledger, next, seed)
            let rest = torn.afterPowerLoss(seed: survivors % 16 &+ 100)
            rest.hasSpace = false
            let third = try live(on: rest, second.ledger, second.next, seed)
            let fault = third.ledger.fault(in: try JournalDriver.recover(rest.afterPowerLoss(seed: 1)).1)
            #expect(fault == nil, "seed \(seed), survivors \(survivors), step \(step)")
        }
    }

    /// Starts, and appends an entry of the size of the one that may be torn; the power may go meanwhile.
    private func live(
        on disk: SimulatedDisk,
        _ ledger: Ledger,
        _ next: UInt32,
        _ seed: UInt64
    ) throws -> (ledger: Ledger, next: UInt32) {
        let driver: JournalDriver
        do { driver = try JournalDriver(disk, ledger, seed: seed, next: next) } catch JournalError.unusable {
            return (ledger, next)
        }
        driver.append(payload: [UInt8](repeating: UInt8(truncatingIfNeeded: disk.steps), count: 40))
        do { try driver.writeBatch(isSynced: true) } catch { #expect(error.kind == .broken) }
        return (driver.ledger, driver.nextPayload)
    }

    /// Nothing is written behind what cannot be overwritten, until it can be.
    @Test func whatCannotBeOverwrittenIsWaitedFor() throws {
        let (full, ledger, next) = try fullDisk(2)
        let disk = full.afterKill()
        disk.hasSpace = false
        // What the last run has left is written again and synced; a spare is created, finds no space and is removed;
        // then come the zeros.
        for step in 6..<8 { disk.faults[step] = .noSpace }
        let driver = try JournalDriver(disk, ledger, seed: 2, next: next)
        #expect(driver.layout.segment == 1 && driver.writer.currentSegment == 0)
        driver.append(payload: [1])
        #expect(throws: DiskError.self) { try driver.writeBatch(isSynced: true) }
        try driver.writeAgain()
        #expect(driver.writer.currentSegment == 1)
    }

    /// A sync of such a start fails, and the process starts again: zeros that are read need not be on the disk.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func aSyncOfSuchAStartFailsAndTheNextOneKnowsNothingOfIt(_ seed: UInt64) throws {
        let (full, ledger, next) = try fullDisk(seed)
        var refused = 0
        for (survivors, step) in (0..<64).flatMap({ survivors in (0..<12).map { (UInt64(survivors), $0) } }) {
            let torn = full.afterPowerLoss(seed: survivors)
            torn.hasSpace = false
            torn.faults = [step: .broken]
            let second = try live(on: torn, ledger, next, seed)
            if second.next == next { refused += 1 }
            let killed = torn.afterKill()
            killed.hasSpace = false
            let third = try live(on: killed, second.ledger, second.next, seed)
            let fault = third.ledger.fault(in: try JournalDriver.recover(killed.afterPowerLoss(seed: 1)).1)
            #expect(fault == nil, "seed \(seed), survivors \(survivors), step \(step)")
        }
        #expect(refused > 100)
    }

    @Test func aSegmentThatIsNearlyFullIsLeftAlone() throws {
        let first = try JournalDriver(SimulatedDisk(), Ledger(), seed: 1, next: 1)
        first.append(payload: [UInt8](repeating: 1, count: 900))
        try first.writeBatch(isSynced: true)
        let disk = first.disk.afterKill()
        disk.hasSpace = false
        let driver = try JournalDriver(disk, first.ledger, seed: 1, next: 2)
        #expect(driver.layout.segment == 2)
    }

    /// As a journal is whose run before was stopped between the begin of a segment and its first entry.
    @Test(arguments: [true, false])
    func aSegmentThatHasGivenItsRestBackIsLeftAlone(_ isNextThere: Bool) throws {
        let first = try JournalDriver(SimulatedDisk(), Ledger(), seed: 1, next: 1)
        // So small that what is left of it is much of it.
        first.append(payload: [1])
        try first.writeBatch(isSynced: true)
        try first.close()
        let second = try JournalDriver(first.disk.afterKill(), first.ledger, seed: 1, next: 2)
        second.append(1)
        try second.writeBatch(isSynced: false)
        let disk = second.disk.afterKill()
        if isNextThere {
            let bytes = try #require(disk.contents("00000002.segment"))
            let header = bytes.prefix(SegmentHeader.size)
            disk.setContents("00000002.segment", header + [UInt8](repeating: 0, count: bytes.count - header.count))
        } else {
            disk.delete("00000002.segment")
        }
        disk.hasSpace = false
        let third = try JournalDriver(disk, first.ledger, seed: 1, next: 3)
        #expect(third.layout.segment == 2)
        #expect(try JournalDriver.recover(disk.afterKill()).1.count == 1)
    }

    /// The last run's sync has failed, and there is not even the space to write its bytes again. They must not count as
    /// durable before there is.
    @Test(arguments: 1...4 as ClosedRange<UInt64>, [true, false])
    func nothingRestsOnWhatCannotBeWrittenAgain(_ seed: UInt64, hasSpare: Bool) throws {
        let first = try fullDisk(seed)
        let disk = first.disk.afterKill()
        disk.dropPendingBytes()
        disk.hasSpace = hasSpare
        disk.hasSpaceForBytes = false
        let driver = try JournalDriver(disk, first.ledger, seed: seed, next: first.next)
        #expect(driver.writer.beganWithoutSpace && driver.writer.currentSegment == 0)
        driver.append(1)
        #expect(throws: DiskError.self) { try driver.writeBatch(isSynced: true) }
        #expect(first.ledger.fault(in: try JournalDriver.recover(disk.afterPowerLoss(seed: seed)).1) == nil)
        disk.hasSpaceForBytes = true
        try driver.writeAgain()
        #expect(driver.ledger.fault(in: try JournalDriver.recover(disk.afterPowerLoss(seed: seed)).1) == nil)
    }

    /// It starts, and behaves as a full journal does.
    @Test(arguments: 1...4 as ClosedRange<UInt64>, [true, false])
    func aStartWhoseSyncsFindNoSpace(_ seed: UInt64, isKill: Bool) throws {
        let first = try fullDisk(seed)
        let disk = isKill ? first.disk.afterKill() : first.disk.afterPowerLoss(seed: seed)
        disk.hasSpace = false
        disk.hasSpaceForSyncs = false
        let driver = try JournalDriver(disk, first.ledger, seed: seed, next: first.next)
        #expect(driver.writer.beganWithoutSpace && driver.layout.segment == 1 && driver.writer.currentSegment == 0)
        driver.append(1)
        for _ in 0..<3 { #expect(throws: DiskError.self) { try driver.writeAgain() } }
        #expect(throws: DiskError.self) { try driver.writer.tidy() }
        try driver.writer.mark()
        #expect(first.ledger.fault(in: try JournalDriver.recover(disk.afterPowerLoss(seed: seed)).1) == nil)
        // Somebody makes a little space: what was set aside can be used again.
        disk.hasSpaceForSyncs = true
        try driver.writeAgain()
        #expect(driver.writer.currentSegment == 1)
        #expect(driver.ledger.fault(in: try JournalDriver.recover(disk.afterPowerLoss(seed: seed)).1) == nil)
    }
}
