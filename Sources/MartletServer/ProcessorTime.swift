import CLinux
import Glibc

/// What the calling thread has had of the processors so far, in nanoseconds.
struct ProcessorTime {
    /// In which it was running.
    var busy: UInt64
    /// In which it could have run, but waited for a processor.
    var delayed: UInt64
}

/// What a thread has had of the processors up to an instant.
struct ProcessorReading {
    /// Monotonic milliseconds.
    var instant: Int
    var time: ProcessorTime

    /// What lies between an earlier reading and this one. Counters that have gone back have stood still.
    func window(since earlier: ProcessorReading, loops: Int) -> Spread.Window {
        let nanoseconds = Double(instant - earlier.instant) * 1_000_000
        func share(_ end: UInt64, _ begin: UInt64) -> Double { Double(max(end, begin) - begin) / nanoseconds }
        return Spread.Window(
            begin: earlier.instant,
            end: instant,
            busy: share(time.busy, earlier.time.busy),
            delayed: share(time.delayed, earlier.time.delayed),
            loops: loops
        )
    }
}

/// Reads the `ProcessorTime` of the thread that made it.
struct ProcessorTimeGauge: ~Copyable {
    private let descriptor: Int32

    /// Nil where the kernel does not tell how long threads wait (`CONFIG_SCHED_INFO`), or there is no `/proc`.
    init?() {
        descriptor = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    static var isAvailable: Bool {
        switch Self() {
        case .some: true
        case .none: false
        }
    }

    deinit { SystemCall.close(descriptor) }

    /// Two system calls, under 2 µs. Running time comes from the thread's clock, because that in the file is brought up
    /// to date by the scheduler's tick only.
    func read() -> ProcessorTime {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return ProcessorTime(busy: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec), delayed: readDelay())
    }

    /// The second of the file's numbers.
    private func readDelay() -> UInt64 {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { space in
            let count = pread(descriptor, space.baseAddress, space.count, 0)
            let fields = space.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
            guard fields.count > 1 else { return 0 }
            return fields[1].reduce(0) { $0 &* 10 &+ UInt64($1 &- UInt8(ascii: "0")) }
        }
    }
}
