import Foundation
import Testing

/// A broker that has read the journal knows what the one knew that wrote it: after every step of random runs, with
/// segments so small that the journal is cut all the time, and with one that is never cut.
///
/// `MARTLET_SEEDS` says how many seeds are tried, `MARTLET_SEED` tries one of them.
@Suite struct RecoveryTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seeds = (environment["MARTLET_SEEDS"].flatMap { UInt64($0) } ?? 2_000) / 40
    private static let sizes = [400, 3_000, 1 << 30]

    @Test(arguments: sizes)
    func theRecoveredBrokerKnowsWhatTheOtherKnew(segmentSize: Int) {
        let single = Self.environment["MARTLET_SEED"].flatMap { UInt64($0) }
        for seed in single.map({ $0..<$0 + 1 }) ?? 0..<Self.seeds {
            guard let found = Simulation.runRecovering(seed: seed, steps: 120, segmentSize: segmentSize) else {
                continue
            }
            Issue.record(
                """
                replay: MARTLET_SEED=\(seed) swift test --filter RecoveryTests (segments of \(segmentSize) bytes)
                \(found.trace.joined(separator: "\n"))
                \(found.explanation)
                """
            )
            return
        }
    }
}
