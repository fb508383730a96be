import Glibc
import Synchronization

/// Counts what a journal announces, for a test to wait for.
final class Signal: Sendable {
    private let count = Atomic(0)

    var announcements: Int { count.load(ordering: .relaxed) }

    func announce() { count.add(1, ordering: .relaxed) }

    /// Waits until the condition holds; false if it does not within ten seconds.
    func wait(until condition: () -> Bool) -> Bool {
        for _ in 0..<10_000 {
            if condition() { return true }
            // Announcements are awaited by looking, a millisecond apart.
            usleep(1000)
        }
        return condition()
    }
}
