import Glibc
package import MartletBroker

/// Where the shell reads time, once per turn of a loop. The core gets it as an argument.
package enum Clock {
    /// Two calls into the vDSO, about 40 ns together.
    package static func now() -> Now {
        Now(wall: milliseconds(CLOCK_REALTIME), monotonic: milliseconds(CLOCK_MONOTONIC))
    }

    /// For measuring how long something takes.
    static func nanoseconds() -> Int {
        let time = read(CLOCK_MONOTONIC)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private static func milliseconds(_ clock: clockid_t) -> Int {
        let time = read(clock)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        // Both clocks exist on every Linux, and `time` is ours: the call cannot fail.
        clock_gettime(clock, &time)
        return time
    }
}
