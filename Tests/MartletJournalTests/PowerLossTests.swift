import Foundation
import MartletJournal
import MartletSimulatedDisk
import Testing

/// The power goes at a step; the next run finds everything that was durable, and goes on until the power goes again.
@Suite struct PowerLossTests {
    /// Seeds of the long scenarios, and a tenth as many of the short ones; more with `MARTLET_JOURNAL_SEEDS`.
    private static let seeds =
        ProcessInfo.processInfo.environment["MARTLET_JOURNAL_SEEDS"].flatMap(UInt64.init) ?? 40

    @Test(arguments: 1...(seeds / 10 + 1))
    func atEveryStepOfAShortScenario(_ seed: UInt64) throws {
        let steps = try stepsOf(turns: 9, seed)
        for step in 0..<steps {
            for survivors in 0..<4 as Range<UInt64> {
                try Life(seed: seed, survivors: survivors).live([step, step * 7 % 61, 90], turns: 9)
            }
        }
    }

    @Test func atEveryPairOfStepsOfAVeryShortScenario() throws {
        let steps = try stepsOf(turns: 3, 5)
        for first in 0..<steps {
            for second in 0..<steps + 6 {
                let survivors = UInt64(first * 31 + second)
                try Life(seed: 5, survivors: survivors).live([first, second], turns: 3)
            }
        }
    }

    /// What a killed run has renamed and not synced is as if it were durable for the next run, and is not.
    @Test(arguments: 1...(seeds / 10 + 1))
    func afterAKillAtEveryStep(_ seed: UInt64) throws {
        let steps = try stepsOf(turns: 9, seed)
        for kill in 0..<steps {
            for loss in 0..<12 {
                let survivors = UInt64(kill * 31 + loss)
                try Life(seed: seed, survivors: survivors, kills: [0]).live([kill, loss], turns: 9)
            }
        }
    }

    @Test(arguments: 1...seeds)
    func anywhereInALongOne(_ seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let steps = (0..<8).map { _ in chance.below(400) }
        try Life(seed: seed, survivors: seed).live(steps, turns: 60)
    }

    private func stepsOf(turns: Int, _ seed: UInt64) throws -> Int {
        let disk = SimulatedDisk(seed: seed)
        let driver = try JournalDriver(disk, Ledger(), seed: seed, next: 1)
        try driver.run(turns: turns)
        #expect(disk.steps > 10)
        return disk.steps
    }

    /// One journal through several power cuts.
    private struct Life {
        let seed: UInt64
        let survivors: UInt64
        /// Rounds that end with a kill: what is not synced is there all the same.
        var kills: Set<Int> = []

        func live(_ losses: [Int], turns: Int) throws {
            var disk = SimulatedDisk(seed: seed)
            var ledger = Ledger()
            var next: UInt32 = 1
            for (round, step) in (losses + [.max]).enumerated() {
                do {
                    if step < .max { disk.faults = [step: .powerLoss] }
                    try run(disk, round, turns, &ledger, &next)
                } catch let wrong as JournalDriver.Wrong {
                    Issue.record("seed \(seed), survivors \(survivors), losses \(losses), round \(round): \(wrong)")
                    return
                } catch let error as JournalError {
                    guard case .unusable = error else {
                        Issue.record("seed \(seed), survivors \(survivors), losses \(losses), round \(round): \(error)")
                        return
                    }
                } catch is DiskError {}
                let seed = survivors &+ UInt64(round) &* 1000
                disk = kills.contains(round) ? disk.afterKill() : disk.afterPowerLoss(seed: seed)
            }
        }

        private func run(
            _ disk: SimulatedDisk,
            _ round: Int,
            _ turns: Int,
            _ ledger: inout Ledger,
            _ next: inout UInt32
        ) throws {
            let driver = try JournalDriver(disk, ledger, seed: seed &+ UInt64(round), next: next)
            defer {
                ledger = driver.ledger
                next = driver.nextPayload
            }
            try driver.run(turns: turns)
        }
    }
}
