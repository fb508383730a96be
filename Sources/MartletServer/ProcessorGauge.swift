import Glibc

/// Tells what the thread that made it has had of the processors.
struct ProcessorGauge: ~Copyable {
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
    /// - Parameter instant: now, in monotonic milliseconds.
    func read(at instant: Int) -> ProcessorReading {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        let busy = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        return ProcessorReading(instant: instant, busy: busy, delayed: readDelay())
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
