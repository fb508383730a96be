import CLinux
import Glibc
import Synchronization

/// Rouses a loop that sleeps, from any thread.
///
/// The descriptor is watched edge-triggered and never read: each write is an event, and the counter behind it does not
/// overflow in a machine's life. Several calls before the loop takes its next turn cost one system call.
struct Wakeup: ~Copyable, Sendable {
    let descriptor: Int32
    private let isPending = Atomic(false)

    init() throws(SystemError) {
        descriptor = try SystemCall.check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }
    }

    deinit { SystemCall.close(descriptor) }

    func wake() {
        guard !isPending.exchange(true, ordering: .sequentiallyConsistent) else { return }
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// `wake` without the system call, from the thread that runs the loop: it heeds `isMarked` before it sleeps.
    func mark() { isPending.store(true, ordering: .sequentiallyConsistent) }

    var isMarked: Bool { isPending.load(ordering: .relaxed) }

    /// Whether somebody has called `wake` or `mark` since the last time. To be called by the loop before it looks for
    /// what it was woken for: a `wake` after this is not lost.
    func acknowledge() -> Bool { isPending.exchange(false, ordering: .sequentiallyConsistent) }
}
