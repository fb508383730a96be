import Glibc
import Synchronization
import Testing

@testable import MartletServer

/// What the kernel tells of a thread's time.
@Suite(.enabled(if: ProcessorTimeGauge.isAvailable), .timeLimit(.minutes(1))) struct ProcessorTimeTests {
    private final class Longest: Sendable {
        let delay = Atomic<UInt64>(0)
    }

    @Test func runningTimeGrowsWhileRunning() throws {
        guard let gauge = ProcessorTimeGauge() else { return }
        let before = gauge.read()
        try eventually("a millisecond has been used") { gauge.read().busy >= before.busy + 1_000_000 }
    }

    /// Of more threads than there are processors, none of which rests, some wait.
    @Test func waitingForAProcessorIsTold() throws {
        let longest = Longest()
        let threads = try (0...sysconf(Int32(_SC_NPROCESSORS_ONLN))).map { _ in
            try LoopThread(name: "rival") {
                guard let gauge = ProcessorTimeGauge() else { return }
                while longest.delay.load(ordering: .relaxed) < 10_000_000 {
                    longest.delay.max(gauge.read().delayed, ordering: .relaxed)
                }
            }
        }
        for thread in threads { thread.join() }
    }
}
