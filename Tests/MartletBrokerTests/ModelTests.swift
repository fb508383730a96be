import Foundation
import Testing

/// The core against the reference model, with random requests, partings and jumps of time.
///
/// `MARTLET_SEEDS` says how many seeds are tried, `MARTLET_SEED` tries one of them, `MARTLET_TRACE=1` names each seed
/// before it is tried (for a core that traps).
@Suite struct ModelTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seeds = environment["MARTLET_SEEDS"].flatMap { UInt64($0) } ?? 2_000
    private static let workers: UInt64 = 4
    private static let stepsEach = 120

    @Test(arguments: 0..<workers)
    func theCoreDoesWhatTheModelSays(worker: UInt64) {
        if let seed = Self.environment["MARTLET_SEED"].flatMap({ UInt64($0) }) {
            if worker == 0 { Self.check(seed) }
            return
        }
        for seed in stride(from: worker, to: Self.seeds, by: Int(Self.workers)) where !Self.check(seed) { return }
    }

    @discardableResult private static func check(_ seed: UInt64) -> Bool {
        if environment["MARTLET_TRACE"] != nil { FileHandle.standardError.write(Data("seed \(seed)\n".utf8)) }
        guard let mismatch = Simulation.run(seed: seed, steps: stepsEach) else { return true }
        let smallest = Simulation.minimized(mismatch, seed: seed)
        Issue.record(
            """
            core and model disagree; replay: MARTLET_SEED=\(seed) swift test --filter ModelTests
            \(smallest.trace.joined(separator: "\n"))
            \(smallest.explanation)
            """
        )
        return false
    }
}
