/// What the daemon tells the service manager about itself, in the words of sd_notify(3).
package enum ServiceNotice: Equatable, Sendable {
    /// Sockets are open and state is recovered, or a reload is done.
    case ready(status: String)
    /// The configuration is being read again, since this microsecond of the monotonic clock; `ready` ends it.
    case reloading(since: UInt64)
    /// No new work is taken any more.
    case stopping(status: String)
    /// How things stand, for `systemctl status`.
    case status(String)
    /// The start cannot succeed: the kernel's error number, 0 if it is not to blame, and why in words.
    case failed(number: Int32, status: String)
    /// Everything that must turn has turned.
    case alive
    /// Starting takes longer: give it so many microseconds from now.
    case extendingStart(microseconds: UInt64, status: String)

    /// One assignment a line, as it goes over the notification socket.
    package var text: String {
        switch self {
        case .ready(let status): "READY=1\n" + Self.line(status)
        case .reloading(let instant): "RELOADING=1\nMONOTONIC_USEC=\(instant)\n" + Self.line("reloading")
        case .stopping(let status): "STOPPING=1\n" + Self.line(status)
        case .status(let status): Self.line(status)
        case .failed(0, let status): Self.line(status)
        case .failed(let number, let status): "ERRNO=\(number)\n" + Self.line(status)
        case .alive: "WATCHDOG=1"
        case .extendingStart(let microseconds, let status):
            "EXTEND_TIMEOUT_USEC=\(microseconds)\n" + Self.line(status)
        }
    }

    /// A status is one line: whatever came with a name from outside must not become an assignment of its own.
    private static func line(_ status: String) -> String {
        "STATUS=" + String(status.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) })
    }
}
