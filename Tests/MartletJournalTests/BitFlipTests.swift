import MartletJournal
import MartletSimulatedDisk
import Testing

/// Each bit of a small journal, the wrong way round.
@Suite struct BitFlipTests {
    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func ofAJournalThatWasSyncedWhole(_ seed: UInt64) throws {
        let driver = try JournalDriver(SimulatedDisk(seed: seed), Ledger(), seed: seed, next: 1)
        try driver.run(turns: 5)
        try driver.close()
        try flipEveryBit(of: driver, promised: driver.ledger.durable)
    }

    /// What the last mark does not call synced may be taken for a torn tail.
    @Test func ofAJournalWithoutALastMark() throws {
        let driver = try JournalDriver(SimulatedDisk(), Ledger(), seed: 3, next: 1)
        driver.append(2)
        try driver.writeBatch(isSynced: true)
        driver.append(1)
        try driver.writeBatch(isSynced: true)
        try flipEveryBit(of: driver, promised: 2)
    }

    private func flipEveryBit(of driver: JournalDriver, promised: Int) throws {
        var rotten = 0
        var whole = 0
        let names = driver.disk.everyName.filter { $0.hasSuffix(".segment") }
        let original = try JournalDriver.recover(driver.disk.copy()).1
        for name in names {
            let bytes = try #require(driver.disk.contents(name))
            for bit in 0..<(bytes.count * 8) {
                var flipped = bytes
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                let disk = driver.disk.copy()
                disk.setContents(name, flipped)
                do {
                    let recovered = try JournalDriver.recover(disk).1
                    whole += 1
                    let isPrefix = original.starts(with: recovered)
                    let isEnough = recovered.count >= promised - (driver.ledger.payloads.count - original.count)
                    #expect(isPrefix && isEnough, "\(name), bit \(bit): \(recovered.count) of \(original.count)")
                } catch let error as JournalError {
                    rotten += 1
                    #expect(isPlace(error, in: name, of: names), "\(name), bit \(bit): \(error)")
                }
            }
        }
        #expect(rotten > 1000 && whole > 1000)
    }

    /// The error names the file, or one beside it: what a header says about its neighbour can be wrong in either.
    private func isPlace(_ error: JournalError, in name: String, of names: [String]) -> Bool {
        switch error {
        case .rotten(let file, let offset, _): names.contains(file) && offset < 5000
        case .newerVersion(let file, let found, _): file == name && found > SegmentHeader.currentVersion
        case .missing, .unreadable, .repairUnfinished, .locked, .unusable: false
        }
    }
}
