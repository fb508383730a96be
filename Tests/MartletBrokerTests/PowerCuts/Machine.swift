import MartletBroker
import MartletJournal
import MartletSimulatedDisk

/// A machine with a disk, on which one broker lives after the other, each as long as the power or the disk lasts.
final class Machine {
    /// How a life ends.
    struct Ending {
        /// The step of the disk at which it does, and what happens there; the power goes in any case.
        var fault: (step: Int, kind: SimulatedDisk.Fault)?
        /// The process is killed, and what it has written is there.
        var isKill = false
        /// The request before which the disk is full.
        var spaceEnds: Int?
        /// Says what of the unsynced survives.
        var survivors: UInt64 = 0
    }

    /// Shortens no lease: that is not recorded, so the model could not tell what a start after the next one finds.
    private static let grace = 1_000_000

    private let segmentSize: Int
    private let limits: ModelLimits
    private var generator: Generator
    private var chance: Chance
    private var disk: SimulatedDisk
    /// Steps of the disk in the life before.
    private(set) var steps = 0
    private var now = Now(wall: 1_700_000_000_000, monotonic: 1_000)
    private var lives: UInt64 = 0
    private var receipts = ReceiptBook()
    /// What the next start may find, from what the last one that came about has left.
    private var remains: Life.Remains
    /// Since then there was no power cut, but kills.
    private var isPowered = false
    private(set) var trace: [String] = []

    init(seed: UInt64) {
        generator = Generator(seed: seed)
        limits = generator.limits()
        chance = Chance(seed: seed)
        segmentSize = [1_024, 2_048, 6_000][chance.below(3)]
        disk = SimulatedDisk(seed: seed)
        remains = Life.Remains(moments: [Model(limits: limits, now: now.wall)])
    }

    /// One life. Returns what was wrong, nil if nothing was.
    func live(steps: Int, _ ending: Ending) -> String? {
        if let fault = ending.fault { disk.faults = [fault.step: fault.kind] }
        defer { endLife(ending) }
        do {
            let recovered = try recover()
            let life = try Life(recovered, on: disk, segmentSize: segmentSize, receipts)
            defer { take(over: life) }
            if let wrong = life.live(steps: steps, spaceEnds: ending.spaceEnds, &generator, &chance) { return wrong }
            guard life.failure != nil, ending.fault?.kind == .broken else { return nil }
            return life.outliveJournal()
        } catch let mismatch as Recovered.Mismatch {
            return mismatch.explanation
        } catch JournalError.unusable(let error) where ending.fault != nil {
            // The disk has failed the start.
            trace.append("no start: \(error)")
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// What is there must be what was acknowledged, or a little more.
    private func recover() throws -> Recovered {
        lives += 1
        let start = Recovered.Start(
            settings: Simulation.settings(limits),
            incarnation: lives,
            now: now,
            grace: Self.grace
        )
        let possibilities = isPowered ? remains.afterKill : remains.afterPowerCut
        let recovered = try Recovered(from: disk, start, oneOf: possibilities)
        receipts.forget(after: recovered.model.leaseCount)
        trace.append("start \(lives) at \(now.wall)")
        return recovered
    }

    private func take(over life: Life) {
        remains = life.remains
        isPowered = true
        receipts = life.receipts
        now = life.now
        trace += life.trace
    }

    /// The next life begins a little later, on another monotonic clock.
    private func endLife(_ ending: Ending) {
        steps = disk.steps
        if !ending.isKill { isPowered = false }
        disk = ending.isKill ? disk.afterKill() : disk.afterPowerLoss(seed: ending.survivors)
        now = Now(wall: now.wall + chance.below(100), monotonic: 1_000)
        trace.append("\(ending.isKill ? "a kill" : "a power cut") leaves \(disk.everyName.joined(separator: " "))")
    }
}
