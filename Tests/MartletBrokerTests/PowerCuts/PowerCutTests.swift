import Foundation
import MartletSimulatedDisk
import Testing

/// The broker, the server's recording and the journal together, on a disk that loses power at every step, tears and
/// reorders what was not synced, and fails.
///
/// After each, a new broker reads what is left. It must know what the reference model knew (`Picture`) at a moment not
/// before the last acknowledgement and not after the last request: what was not acknowledged may be there or not, but
/// what belongs together is there as a whole, and nothing without what came before. Then it goes on, compared with the
/// model line by line, until the next power cut.
///
/// `MARTLET_SEEDS` says how many seeds are tried (a sixtieth of it for the long scenarios, fewer for the short ones),
/// `MARTLET_SEED` tries one of them, `MARTLET_TRACE=1` names each before it is tried (for a broker that traps).
@Suite struct PowerCutTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seeds = environment["MARTLET_SEEDS"].flatMap { UInt64($0) } ?? 2_000
    private static let workers: UInt64 = 2
    /// Steps of each life of a short scenario.
    private static let shortOne = 12

    private static func seeds(dividedBy share: UInt64) -> Range<UInt64> {
        if let seed = environment["MARTLET_SEED"].flatMap({ UInt64($0) }) { return seed..<seed + 1 }
        return 0..<max(1, seeds / share)
    }

    /// The power goes at each step, and in the next life again.
    @Test func atEveryStepOfAShortScenario() {
        Self.tryEveryStep(dividedBy: 1_000) { step, survivors in
            [
                Machine.Ending(fault: (step, .powerLoss), survivors: survivors),
                Machine.Ending(fault: (step * 7 % 41, .powerLoss), survivors: survivors + 100),
            ]
        }
    }

    /// A kill leaves what is written as if it were durable; the power goes at one of the first steps of the next life.
    @Test func afterAKillAtEveryStepOfAShortScenario() {
        Self.tryEveryStep(dividedBy: 2_000) { step, survivors in
            [
                Machine.Ending(fault: (step, .powerLoss), isKill: true),
                Machine.Ending(fault: (step % 8, .powerLoss), survivors: survivors),
            ]
        }
    }

    /// What was answered after the error may be missing; what was acknowledged before is there, and what a kill finds.
    @Test func afterAnErrorAtEveryStepOfAShortScenario() {
        Self.tryEveryStep(dividedBy: 2_000) { step, survivors in
            [
                Machine.Ending(fault: (step, .broken), isKill: survivors == 0, survivors: survivors),
                Machine.Ending(fault: (step * 5 % 31, .broken), survivors: survivors + 100),
            ]
        }
    }

    /// Without space the journal tries again, and what waits for that is not acknowledged.
    @Test func afterWantOfSpaceAtEveryStepOfAShortScenario() {
        Self.tryEveryStep(dividedBy: 2_000) { step, survivors in
            [Machine.Ending(fault: (step, .noSpace), isKill: survivors == 0, survivors: survivors)]
        }
    }

    @Test(arguments: 0..<workers)
    func anywhereInLongOnes(worker: UInt64) {
        let kinds: [SimulatedDisk.Fault] = [.powerLoss, .powerLoss, .broken, .noSpace]
        for seed in Self.seeds(dividedBy: 60) where seed % Self.workers == worker {
            var chance = Chance(seed: seed)
            let endings = (0..<8).map { _ in
                Machine.Ending(
                    fault: (chance.below(160), kinds[chance.below(kinds.count)]),
                    isKill: chance.below(4) == 0,
                    spaceEnds: chance.below(3) == 0 ? chance.below(30) : nil,
                    survivors: chance.next()
                )
            }
            guard Self.check(seed, endings, steps: 60, "a long one") else { return }
        }
    }

    // MARK: Scenarios

    /// Runs short scenarios once for every step of their first life, with two kinds of survivors.
    private static func tryEveryStep(dividedBy share: UInt64, _ endings: (Int, UInt64) -> [Machine.Ending]) {
        for seed in seeds(dividedBy: share) {
            for step in 0..<stepsOfAShortOne(seed) {
                for survivors in 0..<2 as Range<UInt64> {
                    let place = "step \(step), survivors \(survivors)"
                    guard check(seed, endings(step, survivors), steps: shortOne, place) else { return }
                }
            }
        }
    }

    private static func stepsOfAShortOne(_ seed: UInt64) -> Int {
        let machine = Machine(seed: seed)
        let wrong = machine.live(steps: shortOne, Machine.Ending())
        #expect(wrong == nil && machine.steps > 0)
        return machine.steps
    }

    /// Lives through all that, and through one more whose disk is whole.
    private static func check(_ seed: UInt64, _ endings: [Machine.Ending], steps: Int, _ place: String) -> Bool {
        if environment["MARTLET_TRACE"] != nil {
            FileHandle.standardError.write(Data("seed \(seed), \(place)\n".utf8))
        }
        let machine = Machine(seed: seed)
        for ending in endings + [Machine.Ending(survivors: seed), Machine.Ending()] {
            guard let wrong = machine.live(steps: steps, ending) else { continue }
            Issue.record(
                """
                replay: MARTLET_SEED=\(seed) swift test --filter PowerCutTests (\(place))
                \(machine.trace.joined(separator: "\n"))
                \(wrong)
                """
            )
            return false
        }
        return true
    }
}
