import Synchronization

/// Rung by the journal's thread when it has come further; heard by the loops that hold output until it has.
///
/// The journal is there before the server is, so the bell is hung up first and gets its listener later.
package final class JournalBell: Sendable {
    private let listener = Mutex<(@Sendable () -> Void)?>(nil)

    package init() {}

    package func ring() { listener.withLock { $0 }?() }

    func listen(_ listener: @escaping @Sendable () -> Void) { self.listener.withLock { $0 = listener } }
}
