import Glibc
import MartletJournal

extension SegmentStamp {
    /// A new salt and the wall time.
    static func now() -> SegmentStamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
        return SegmentStamp(salt: .random(in: 1...UInt64.max), milliseconds: milliseconds)
    }
}
