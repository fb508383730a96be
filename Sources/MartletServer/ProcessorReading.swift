/// What a thread has had of the processors up to an instant.
struct ProcessorReading {
    /// Monotonic milliseconds.
    var instant: Int
    /// Nanoseconds in which it was running.
    var busy: UInt64
    /// Nanoseconds in which it could have run, but waited for a processor.
    var delayed: UInt64

    /// What lies between an earlier reading and this one. Counters that have gone back have stood still.
    func window(since earlier: ProcessorReading, loops: Int) -> Spread.Window {
        let nanoseconds = Double(instant - earlier.instant) * 1_000_000
        func share(_ end: UInt64, _ begin: UInt64) -> Double { Double(max(end, begin) - begin) / nanoseconds }
        return Spread.Window(
            begin: earlier.instant,
            end: instant,
            busy: share(busy, earlier.busy),
            delayed: share(delayed, earlier.delayed),
            loops: loops
        )
    }
}
