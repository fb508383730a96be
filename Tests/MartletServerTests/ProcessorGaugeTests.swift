import Glibc
import Synchronization
import Testing

@testable import MartletServer

/// What the kernel tells of a thread's time.
@Suite(.enabled(if: ProcessorGauge.isAvailable), .timeLimit(.minutes(1))) struct ProcessorGaugeTests {
    private final class Longest: Sendable {
        let delay = Atomic<UInt64>(0)
    }

    @Test func runningTimeGrowsWhileRunning() throws {
        guard let gauge = ProcessorGauge() else { return }
        let before = gauge.read(at: 0)
        try eventually("a millisecond has been used") { gauge.read(at: 0).busy >= before.busy + 1_000_000 }
    }

    /// Of more threads than there are processors, none of which rests, some wait.
    @Test func waitingForAProcessorIsTold() throws {
        let end = Clock.now().monotonic + Int(Peer.patience)
        let longest = Longest()
        let threads = try (0...sysconf(Int32(_SC_NPROCESSORS_ONLN))).map { _ in
            try LoopThread(name: "rival") {
                guard let gauge = ProcessorGauge() else { return }
                while longest.delay.load(ordering: .relaxed) < 10_000_000, Clock.now().monotonic < end {
                    longest.delay.max(gauge.read(at: 0).delayed, ordering: .relaxed)
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(longest.delay.load(ordering: .relaxed) >= 10_000_000)
    }

    @Test func aWindowHasTheSharesOfItsTime() {
        let begin = ProcessorReading(instant: 1000, busy: 7_000_000, delayed: 1_000_000)
        let end = ProcessorReading(instant: 1020, busy: 22_000_000, delayed: 5_000_000)
        #expect(
            end.window(since: begin, loops: 3)
                == Spread.Window(begin: 1000, end: 1020, busy: 0.75, delayed: 0.2, loops: 3)
        )
    }

    @Test func countersThatGoBackStandStill() {
        let begin = ProcessorReading(instant: 1000, busy: 7_000_000, delayed: 1_000_000)
        let end = ProcessorReading(instant: 1020, busy: 0, delayed: 0)
        let window = end.window(since: begin, loops: 3)
        #expect(window.busy == 0 && window.delayed == 0)
    }
}
