import MartletJournal
import MartletSimulatedDisk
import Testing

/// A write, a sync or anything else fails at a step.
@Suite struct FaultTests {
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func afterAnErrorNothingThatWasDurableIsMissing(_ seed: UInt64) throws {
        for step in 0..<(try stepsOf(seed)) {
            let disk = SimulatedDisk(seed: seed)
            disk.faults = [step: .broken]
            // The first steps are those of a start, which is refused.
            guard let driver = try? JournalDriver(disk, Ledger(), seed: seed, next: 1) else {
                #expect(step < 9)
                continue
            }
            #expect(throws: DiskError.self, "step \(step)") { try driver.run(turns: 8) }
            for survivors in 0..<4 as Range<UInt64> {
                try expectWhole(disk.afterPowerLoss(seed: survivors), driver.ledger, "seed \(seed), step \(step)")
            }
            try expectWhole(disk.afterKill(), driver.ledger, "seed \(seed), step \(step), killed")
        }
    }

    /// Except for the sync of a file, which is final but at the start.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func withoutSpaceTheSameCallIsMadeAgain(_ seed: UInt64) throws {
        var syncs = 0
        for step in 0..<(try stepsOf(seed)) {
            let disk = SimulatedDisk(seed: seed)
            disk.faults = [step: .noSpace, step + 1: .noSpace]
            let driver = try JournalDriver(disk, Ledger(), seed: seed, next: 1)
            driver.triesAgain = true
            do throws(DiskError) {
                try driver.run(turns: 8)
                try driver.close()
            } catch {
                #expect(error.kind == .broken && error.call == "fdatasync", "\(error)")
                syncs += 1
            }
            try expectWhole(disk.afterPowerLoss(seed: seed), driver.ledger, "seed \(seed), step \(step)")
        }
        #expect(syncs > 5)
    }

    /// Whatever is refused for want of descriptors or of the kernel's memory goes on where it was.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func aFileThatCannotBeOpenedJustNowIsOpenedLater(_ seed: UInt64) throws {
        let calm = try JournalDriver(SimulatedDisk(seed: seed), Ledger(), seed: seed, next: 1)
        let first = calm.disk.looks
        try calm.run(turns: 16)
        #expect(calm.writer.firstSegment > 1 && calm.disk.looks > first + 10)
        for look in first..<calm.disk.looks {
            let disk = SimulatedDisk(seed: seed)
            let driver = try JournalDriver(disk, Ledger(), seed: seed, next: 1)
            driver.triesAgain = true
            disk.refusedLooks = [look, look + 1]
            #expect(throws: Never.self, "seed \(seed), look \(look)") {
                try driver.run(turns: 16)
                try driver.close()
            }
            try expectWhole(disk.afterPowerLoss(seed: seed), driver.ledger, "seed \(seed), look \(look)")
        }
    }

    /// Without space for a name it may be there already, or not: nothing is written where either would be harmed.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func thePowerGoesAfterAStepThatFoundNoSpace(_ seed: UInt64) throws {
        for step in 0..<(try stepsOf(seed)) {
            for loss in 1..<5 {
                let disk = SimulatedDisk(seed: seed)
                disk.faults = [step: .noSpace, step + loss: .powerLoss]
                // The power goes in the start.
                guard let driver = try? JournalDriver(disk, Ledger(), seed: seed, next: 1) else { continue }
                driver.triesAgain = true
                try? driver.run(turns: 8)
                for survivors in 0..<3 as Range<UInt64> {
                    let place = "seed \(seed), step \(step), power loss \(loss) later"
                    try expectWhole(disk.afterPowerLoss(seed: survivors), driver.ledger, place)
                }
            }
        }
    }

    /// A segment on its way to be a spare has a name that no other spare gets meanwhile.
    @Test func aSpareIsMadeWhileACutWaitsForSpace() throws {
        let driver = try JournalDriver(SimulatedDisk(), Ledger(), seed: 1, next: 1)
        for _ in 0..<3 {
            driver.append(payload: [UInt8](repeating: 1, count: 900))
            try driver.writeBatch(isSynced: true)
        }
        let (writer, disk) = (driver.writer, driver.disk)
        writer.cut(before: 3)
        disk.faults = [disk.steps + 1: .noSpace]
        #expect(throws: DiskError.self) { try writer.tidy() }
        try writer.prepareSpares(1)
        while try writer.tidy() {}
        // Both cut segments are spares beside the new one.
        #expect(writer.segments == 1 && writer.spareCount == 3 && disk.everyName.count == 4)
    }

    /// What is recovered after a kill has been synced before anybody acts on it.
    @Test func whatWasRecoveredAfterAKillSurvivesAPowerCut() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            let driver = try JournalDriver(SimulatedDisk(seed: seed), Ledger(), seed: seed, next: 1)
            try driver.run(turns: 4)
            driver.append(3)
            try driver.writeBatch(isSynced: false)
            let disk = driver.disk.afterKill()
            let next = try JournalDriver(disk, driver.ledger, seed: seed, next: driver.nextPayload)
            #expect(next.ledger.payloads.last == driver.ledger.payloads.last)
            try expectWhole(disk.afterPowerLoss(seed: 0), next.ledger, "seed \(seed)")
        }
    }

    /// A sync has failed, and the process starts again: the kernel still gives out what was dropped, and takes it for
    /// written. It must be durable before anything is appended behind it.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func whatAFailedSyncHasDroppedIsWrittenAgain(_ seed: UInt64) throws {
        var syncs = 0
        for step in 0..<(try stepsOf(seed)) {
            let disk = SimulatedDisk(seed: seed)
            disk.faults = [step: .broken]
            guard let first = try? JournalDriver(disk, Ledger(), seed: seed, next: 1) else { continue }
            let error = #expect(throws: DiskError.self) { try first.run(turns: 8) }
            guard error?.call == "fdatasync" else { continue }
            syncs += 1
            let next = disk.afterKill()
            let second = try JournalDriver(next, first.ledger, seed: seed, next: first.nextPayload)
            try second.run(turns: 1)
            try expectWhole(next.afterPowerLoss(seed: seed), second.ledger, "seed \(seed), step \(step)")
        }
        #expect(syncs > 5)
    }

    /// The kernel has let go of what a failed sync has dropped after it was replayed, and reads something else now.
    @Test func whatDoesNotReadAsBeforeIsNotWrittenAgain() throws {
        let driver = try JournalDriver(SimulatedDisk(), Ledger(), seed: 1, next: 1)
        driver.append(payload: [1, 2, 3])
        try driver.writeBatch(isSynced: false)
        let disk = driver.disk.afterKill()
        let (recovery, payloads, _) = try JournalDriver.recover(disk)
        #expect(payloads == [[1, 2, 3]])
        var bytes = try #require(disk.contents("00000001.segment"))
        bytes[64 + 8] = 0
        disk.setContents("00000001.segment", bytes)
        let error = #expect(throws: JournalError.self) {
            try SegmentWriter(continuing: recovery, on: disk, settings: JournalDriver.settings)
        }
        guard case .unusable(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.call == "read" && reason.file == "00000001.segment")
    }

    /// Names, too: a file that the kill left with another name than the power cut does is not written to before.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func whatAKillLeavesSurvivesAPowerCutInTheNextRun(_ seed: UInt64) throws {
        for step in 0..<(try stepsOf(seed)) {
            let killed = SimulatedDisk(seed: seed)
            killed.faults = [step: .powerLoss]
            guard let first = try? JournalDriver(killed, Ledger(), seed: seed, next: 1) else { continue }
            try? first.run(turns: 8)
            for loss in 0..<8 {
                let disk = killed.afterKill()
                disk.faults = [loss: .powerLoss]
                let second = try? JournalDriver(disk, first.ledger, seed: seed, next: first.nextPayload)
                try? second?.run(turns: 1)
                for survivors in 0..<3 as Range<UInt64> {
                    let ledger = second?.ledger ?? first.ledger
                    let place = "seed \(seed), step \(step), power loss at \(loss)"
                    try expectWhole(disk.afterPowerLoss(seed: survivors), ledger, place)
                }
            }
        }
    }

    @Test func aPlaceThatCannotBeReadIsNamed() throws {
        let driver = try JournalDriver(SimulatedDisk(), Ledger(), seed: 1, next: 1)
        try driver.run(turns: 4)
        try driver.close()
        driver.disk.unreadable = ("00000001.segment", 500)
        let error = #expect(throws: JournalError.self) { try JournalDriver.recover(driver.disk) }
        guard case .unreadable("00000001.segment", _, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.reason == "Input/output error")
    }

    private func expectWhole(_ disk: SimulatedDisk, _ ledger: Ledger, _ place: String) throws {
        let recovered = try JournalDriver.recover(disk).1
        let fault = ledger.fault(in: recovered)
        #expect(fault == nil, "\(place)")
    }

    private func stepsOf(_ seed: UInt64) throws -> Int {
        let driver = try JournalDriver(SimulatedDisk(seed: seed), Ledger(), seed: seed, next: 1)
        try driver.run(turns: 8)
        return driver.disk.steps
    }
}
