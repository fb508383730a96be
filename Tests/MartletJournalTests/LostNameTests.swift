import MartletJournal
import MartletSimulatedDisk
import Testing

/// A sync of the directory fails, and the process starts again on what the kernel takes for the directory; later syncs
/// succeed without what was dropped. Then the power goes.
@Suite struct LostNameTests {
    @Test(arguments: 2...3 as ClosedRange<UInt64>, [true, false])
    func theSyncFailsInARun(_ seed: UInt64, hasSpace: Bool) throws {
        try forEachFailedSync(seed, turns: 20) { lives, place in
            lives.goOn(hasSpace: hasSpace)
            try loseThePower(lives, place)
        }
    }

    /// The next run is killed while it starts: what it has done is as uncertain as what the failed one has.
    @Test(arguments: 2...3 as ClosedRange<UInt64>, 0..<10)
    func theSyncFailsInARunAndTheNextOneIsKilled(_ seed: UInt64, step: Int) throws {
        try forEachFailedSync(seed, turns: 6) { lives, place in
            lives.goOn(hasSpace: true)
            try lives.live(turns: 1, fault: (step, .powerLoss))
            lives.goOn(hasSpace: true)
            try loseThePower(lives, "\(place), killed at \(step)")
        }
    }

    /// A spare that was given back can come back, and must not be taken for one that has been made since.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func aSpareThatWasGivenBackComesBack(_ seed: UInt64) throws {
        let disk = SimulatedDisk(seed: seed)
        let first = try JournalDriver(disk, Ledger(), seed: seed, next: 1)
        for number in 1...6 as ClosedRange<UInt8> {
            first.append(payload: [UInt8](repeating: number, count: 900))
            try first.writeBatch(isSynced: true)
        }
        first.ledger.cut(before: 6)
        first.writer.cut(before: 5)
        while try first.writer.tidy() {}
        // What was given back is not synced yet.
        first.writer.cut(before: 6)
        disk.faults = [disk.steps + 1: .broken]
        #expect(throws: DiskError.self) { try first.writer.tidy() }
        for loss in 0..<6 {
            let next = disk.afterKill()
            next.faults = [loss: .powerLoss]
            #expect(throws: JournalError.self) {
                try JournalDriver(next, first.ledger, seed: seed, next: 100)
            }
            let recovered = try JournalDriver.recover(next.afterPowerLoss(seed: seed)).1
            #expect(first.ledger.fault(in: recovered) == nil, "power loss at \(loss)")
        }
    }

    private func forEachFailedSync(_ seed: UInt64, turns: Int, _ body: (inout Lives, String) throws -> Void) throws {
        var syncs = 0
        for step in 0..<(try steps(seed, turns: turns)) {
            var lives = Lives(seed: seed)
            let error = try lives.live(turns: turns, fault: (step, .broken))
            guard error?.call == "fsync" else { continue }
            syncs += 1
            try body(&lives, "seed \(seed), step \(step)")
        }
        #expect(syncs > 4)
    }

    /// What the last run has left is dropped by a sync of the next one.
    @Test(arguments: 2...3 as ClosedRange<UInt64>, [true, false])
    func theSyncFailsInTheStartAfterAKill(_ seed: UInt64, hasSpace: Bool) throws {
        var syncs = 0
        for step in 0..<(try steps(seed, turns: 8)) {
            var killed = Lives(seed: seed)
            try killed.live(turns: 8, fault: (step, .powerLoss))
            for failing in 0..<10 {
                var lives = killed
                lives.goOn(hasSpace: hasSpace)
                let error = try lives.live(turns: 1, fault: (failing, .broken))
                guard error?.call == "fsync" else { continue }
                syncs += 1
                lives.goOn(hasSpace: hasSpace)
                try loseThePower(lives, "seed \(seed), step \(step), then \(failing)")
            }
        }
        #expect(syncs > 50)
    }

    /// A run that begins a segment behind a journal at rest, and a start that finds it empty, both fail to make its
    /// names durable; the next run has no space for another one.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func theSyncsFailInARunAndInTheNextStart(_ seed: UInt64) throws {
        for beginning in 0..<14 {
            for starting in 0..<8 {
                let disk = SimulatedDisk(seed: seed)
                let first = try JournalDriver(disk, Ledger(), seed: seed, next: 1)
                first.append(1)
                try first.writeBatch(isSynced: true)
                try first.close()
                var ledger = first.ledger
                var rest = disk
                for fault in [beginning, starting, nil] {
                    rest = rest.afterKill()
                    rest.hasSpace = fault != nil
                    if let fault { rest.faults = [fault: .broken] }
                    appendOne(on: rest, &ledger, seed)
                }
                let recovered = try JournalDriver.recover(rest.afterPowerLoss(seed: seed)).1
                #expect(ledger.fault(in: recovered) == nil, "errors at \(beginning) and \(starting)")
            }
        }
    }

    /// A run of one entry, unless it fails.
    private func appendOne(on disk: SimulatedDisk, _ ledger: inout Ledger, _ seed: UInt64) {
        guard let driver = try? JournalDriver(disk, ledger, seed: seed, next: UInt32(ledger.payloads.count + 1)) else {
            return
        }
        driver.append(1)
        try? driver.writeBatch(isSynced: true)
        ledger = driver.ledger
    }

    private func loseThePower(_ before: Lives, _ place: String) throws {
        for loss in 0..<24 {
            var lives = before
            lives.goOn(hasSpace: before.disk.hasSpace)
            try lives.live(turns: 3, fault: (loss, .powerLoss))
            let rest = lives.disk.afterPowerLoss(seed: UInt64(loss))
            let fault = lives.whole.fault(in: try JournalDriver.recover(rest).1)
            #expect(fault == nil, "\(place), power loss at \(loss)")
        }
    }

    private func steps(_ seed: UInt64, turns: Int) throws -> Int {
        var lives = Lives(seed: seed)
        try lives.live(turns: turns, fault: nil)
        return lives.disk.steps
    }

    /// One run after another.
    private struct Lives {
        let seed: UInt64
        private(set) var disk: SimulatedDisk
        private var ledger = Ledger()
        private var next: UInt32 = 1
        /// What was gone when a run began.
        private var gone: [[UInt8]] = []

        init(seed: UInt64) {
            self.seed = seed
            disk = SimulatedDisk(seed: seed)
        }

        /// A run, up to the error that ends it. Whatever else is thrown is wrong.
        @discardableResult
        mutating func live(turns: Int, fault: (step: Int, kind: SimulatedDisk.Fault)?) throws -> DiskError? {
            if let fault { disk.faults = [fault.step: fault.kind] }
            do {
                let driver = try start()
                defer { (ledger, next) = (driver.ledger, driver.nextPayload) }
                try driver.run(turns: turns)
                return nil
            } catch JournalError.unusable(let error) {
                return error
            } catch let error as DiskError {
                return error
            }
        }

        private mutating func start() throws -> JournalDriver {
            let before = ledger.payloads
            let driver = try JournalDriver(disk, ledger, seed: seed, next: next)
            if let first = driver.ledger.payloads.first { gone += before.prefix { $0 != first } }
            return driver
        }

        /// A start gives the segment that was cut last its name back, for a moment: it may be there again, whole.
        var whole: Ledger {
            var whole = ledger
            whole.payloads = gone + ledger.payloads
            whole.durable += gone.count
            whole.cut += gone.count
            return whole
        }

        /// The process is killed.
        mutating func goOn(hasSpace: Bool) {
            disk = disk.afterKill()
            disk.hasSpace = hasSpace
        }
    }
}
