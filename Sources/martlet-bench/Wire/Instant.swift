import Glibc

/// Nanoseconds of the monotonic clock.
typealias Nanoseconds = UInt64

enum Instant {
    /// Costs about 25 ns: read once an event, not once a reply.
    static func now() -> Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    static func nanoseconds(_ seconds: Double) -> Nanoseconds { UInt64(seconds * 1e9) }
}
