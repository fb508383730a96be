@testable import MartletDisk

/// Goes on by a tick, in milliseconds, whenever it is looked at.
final class TickingClock {
    var tick = 0
    private var milliseconds = 0

    func now() -> MonotonicInstant {
        milliseconds += tick
        return .zero.advanced(milliseconds: milliseconds)
    }

    func pass(milliseconds: Int) { self.milliseconds += milliseconds }
}
