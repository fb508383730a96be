import Glibc

/// A time that no clock setting moves, in nanoseconds.
struct MonotonicInstant: Comparable {
    private let nanoseconds: Int64

    static var zero: MonotonicInstant { MonotonicInstant(nanoseconds: 0) }

    static var now: MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    func advanced(milliseconds: Int) -> MonotonicInstant {
        advanced(nanoseconds: milliseconds * 1_000_000)
    }

    func advanced(nanoseconds count: Int) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: nanoseconds + Int64(count))
    }

    func nanoseconds(since earlier: MonotonicInstant) -> Int { Int(nanoseconds - earlier.nanoseconds) }

    var time: timespec {
        timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }

    static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool { left.nanoseconds < right.nanoseconds }
}
