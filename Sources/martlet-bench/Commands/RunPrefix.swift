import Glibc

enum RunPrefix {
    /// The beginning of the names of a run's queues, different from that of other runs.
    static func make() -> String {
        let number = (Instant.now() / 1000 &+ UInt64(getpid()) << 32) & 0xffff_ffff_ffff
        return "b\(String(number, radix: 36))-"
    }
}
