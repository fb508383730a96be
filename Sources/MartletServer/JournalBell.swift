import Synchronization

/// Rung by the journal's thread when it has come further; heard by the loops that hold output until it has.
///
/// The journal is there before the server is, so the bell is hung up first and gets its listener later.
package final class JournalBell: Sendable {
    /// A closure in a `Mutex` of its own would be wrapped once more each time the lock is taken.
    private struct Listener {
        let hear: @Sendable () -> Void
    }

    private let listener = Mutex<Listener?>(nil)

    package init() {}

    package func ring() { listener.withLock { $0 }?.hear() }

    func listen(_ hear: @escaping @Sendable () -> Void) { listener.withLock { $0 = Listener(hear: hear) } }
}
