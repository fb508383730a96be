/// Over how many workers the loops are spread: as many as have work and a processor to do it on.
///
/// A thread more than there are free processors costs more than it gives: it takes turns with the others, and each
/// finds less to do at a time. So a server begins with one worker; when that never rests, a second one is tried; and
/// when workers must wait for a processor, there are fewer. A trial that ends soon makes the pause before the next one
/// longer.
package struct Spread: Sendable {
    /// What a worker has seen over some time.
    struct Window {
        /// Monotonic milliseconds.
        var begin: Int
        var end: Int
        /// Of this time, the share in which the worker was running.
        var busy: Double
        /// Of this time, the share in which it could have run, but no processor was free.
        var delayed: Double
        /// The loops of this worker that have connections.
        var loops: Int
    }

    /// Milliseconds after which a worker looks at how it fares.
    static let windowLength = 20
    /// A worker is saturated that has been running for this share of each of so many windows in a row.
    private static let saturation = (share: 0.9, windows: 5)
    /// Workers that have waited for this share of a window are too many.
    private static let scarcity = 0.1
    /// Milliseconds after which a trial has succeeded.
    private static let trial = 1000
    /// Milliseconds from the end of a trial that has failed to the next one; four times as many each time.
    private static let pauses = 500...30_000

    private enum Policy {
        case asNeeded
        case fixed
    }

    private let policy: Policy
    private(set) var workers: Int
    private var changedAt = Int.min
    private var saturatedWindows: [Int: Int] = [:]
    private var pause = pauses.lowerBound
    private var mayWidenAt = Int.min

    /// As many workers as the load asks for and the machine has processors free for.
    package static let asNeeded = Spread(policy: .asNeeded, workers: 1)

    /// So many workers, whatever comes.
    package static func over(_ workers: Int) -> Spread { Spread(policy: .fixed, workers: workers) }

    private init(policy: Policy, workers: Int) {
        self.policy = policy
        self.workers = workers
    }

    /// Heeds what a worker has seen; true if there should be another number of workers from now on.
    mutating func heed(_ window: Window, of worker: Int, loops: Int) -> Bool {
        guard case .asNeeded = policy, window.begin >= changedAt else { return false }
        if window.delayed >= Self.scarcity { return narrow(at: window.end) }
        guard isSaturated(worker, window), workers < loops, window.end >= mayWidenAt else { return false }
        change(to: min(loops, workers * 2), at: window.end)
        return true
    }

    private mutating func isSaturated(_ worker: Int, _ window: Window) -> Bool {
        // A loop is not divided.
        let isSaturated = window.busy >= Self.saturation.share && window.loops > 1
        let count = isSaturated ? saturatedWindows[worker, default: 0] + 1 : 0
        saturatedWindows[worker] = count
        return count >= Self.saturation.windows
    }

    private mutating func narrow(at now: Int) -> Bool {
        saturatedWindows = [:]
        guard workers > 1 else { return false }
        if now - changedAt >= Self.trial { pause = Self.pauses.lowerBound }
        mayWidenAt = now + pause
        pause = min(pause * 4, Self.pauses.upperBound)
        change(to: workers / 2, at: now)
        return true
    }

    private mutating func change(to workers: Int, at now: Int) {
        self.workers = workers
        changedAt = now
        saturatedWindows = [:]
    }
}
