/// Keeps a start alive that takes long, such as a recovery, and says how far it is.
///
///     var progress = StartProgress("recovering")
///     for segment in segments {
///         …
///         if let notice = progress.notice(done: bytes, of: total, now: now) { supervisor.tell(notice) }
///     }
///
/// Each notice asks the service manager for more time from then on, so `TimeoutStartSec=` bounds how long a start may
/// stand still and not how long it may take. It tells at a calm pace, whatever it is called at.
package struct StartProgress: Sendable {
    /// Microseconds that are asked for each time: one slow step on a slow disk, many times over.
    static let respite: UInt64 = 60_000_000
    /// Milliseconds between two notices.
    static let pace = 500

    private let activity: String
    private var lastTold: Int?

    /// - Parameter activity: what goes on, as `systemctl status` shows it.
    package init(_ activity: String) { self.activity = activity }

    /// What is to be told now; nil if something was told a moment ago.
    /// - Parameters:
    ///   - total: what `done` is a part of; the share is not shown if it is 0.
    ///   - now: monotonic milliseconds.
    package mutating func notice(done: Int, of total: Int, now: Int) -> ServiceNotice? {
        if let lastTold, now - lastTold < Self.pace { return nil }
        lastTold = now
        let share = total > 0 ? ": \(min(100, Int(Double(done) / Double(total) * 100))) %" : ""
        return .extendingStart(microseconds: Self.respite, status: activity + share)
    }
}
