import Synchronization

/// Remembers that the end has begun.
final class EndingFlag: Sendable {
    private let isRaised = Atomic(false)

    /// True for the first who calls.
    func raise() -> Bool { !isRaised.exchange(true, ordering: .relaxed) }
}
