import Glibc

/// What the kernel knows of a server's process.
struct ServerProcess {
    let identifier: Int

    /// CPU time of all its threads until now in nanoseconds, by the process' CPU clock; nil if it is gone.
    var cpuTime: Nanoseconds? {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(pid_t(identifier), &clock) == 0, clock_gettime(clock, &time) == 0 else { return nil }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Memory in use in bytes (VmRSS); nil if it is gone.
    var residentBytes: Int? {
        guard let status = ProcessFile.read("/proc/\(identifier)/status") else { return nil }
        for line in status.split(separator: "\n") where line.hasPrefix("VmRSS:") {
            return Int(line.filter(\.isNumber)).map { $0 * 1024 }
        }
        return nil
    }
}
