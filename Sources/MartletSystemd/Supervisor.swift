import CSystemd
import Glibc

/// The service manager that has started us, if one has.
///
///     let supervisor = Supervisor()
///     supervisor.tell(.ready(status: "listening"))
///
/// Without one (no `NOTIFY_SOCKET` in the environment) telling is free and does nothing: the daemon need not ask who
/// runs it. Costs one system call otherwise.
package struct Supervisor: Sendable {
    /// Where it listens to what we tell; nil without one.
    let address: String?
    package var isPresent: Bool { address != nil }
    /// Microseconds within which it wants to hear `alive`, again and again; nil if it does not watch.
    package let watchdogInterval: UInt64?

    package init() {
        address = getenv("NOTIFY_SOCKET").map { String(cString: $0) }
        var interval: UInt64 = 0
        watchdogInterval = csystemd_watchdog_interval(&interval) > 0 ? interval : nil
    }

    /// That a notice could not be sent is not reported: there is nobody to report it to, and a manager that waits for
    /// it in vain acts by its own timeouts.
    package func tell(_ notice: ServiceNotice) {
        guard isPresent else { return }
        _ = csystemd_notify(notice.text)
    }

    /// Tells that a reload begins now. The manager compares the instant with that of its own request.
    package func tellReloading() {
        var time = timespec()
        // The clock exists on every Linux, and `time` is ours: the call cannot fail.
        clock_gettime(CLOCK_MONOTONIC, &time)
        tell(.reloading(since: UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000))
    }

    /// Waits until everything told before was dealt with, at most so long. Before exiting: a notice whose sender is
    /// gone cannot be attributed to the service any more, and is dropped.
    package func settle(microseconds: UInt64) {
        guard isPresent else { return }
        _ = csystemd_notify_barrier(microseconds)
    }
}
