/// Over how many workers the loops are spread: one at first, more when one never rests, fewer when they wait for a
/// processor.
///
/// A thread more than there are free processors costs more than it gives: it takes turns with the others, and each
/// finds less to do at a time. So more workers are a trial; if it fails soon, the pause before the next one is longer.
package struct Spread: Sendable {
    /// What a worker has seen over some time.
    struct Window: Equatable {
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

    /// How many windows in a row each worker has seen the same.
    private struct Streaks {
        private var lengths: [Int: Int] = [:]

        mutating func note(_ worker: Int, _ isSeen: Bool) -> Int {
            let length = isSeen ? lengths[worker, default: 0] + 1 : 0
            lengths[worker] = length
            return length
        }
    }

    /// Milliseconds after which a worker looks at how it fares.
    static let windowLength = 20
    /// A worker that has been running for this share of each of so many windows in a row is saturated.
    private static let saturation = (share: 0.9, windows: 5)
    /// Workers of which one has waited for this share of each of so many windows in a row are too many.
    private static let scarcity = (share: 0.1, windows: 2)
    /// Milliseconds after which a trial has succeeded.
    private static let trial = 1000
    /// Milliseconds from a trial that has failed to the next one; four times as many after each.
    private static let pauses = 500...30_000

    private enum Policy {
        case asNeeded
        case fixed
    }

    private let policy: Policy
    private(set) var workers: Int
    private var changedAt = Int.min
    private var saturated = Streaks()
    private var scarce = Streaks()
    /// When the trial began that has not failed yet.
    private var trialBegan: Int?
    private var pause = pauses.lowerBound
    private var mayWidenAt = Int.min

    /// As many workers as the load asks for and the machine has processors free for.
    package static let asNeeded = Spread(policy: .asNeeded, workers: 1)

    /// So many workers, whatever comes.
    package static func over(_ workers: Int) -> Spread {
        precondition(workers > 0, "somebody must run the loops")
        return Spread(policy: .fixed, workers: workers)
    }

    private init(policy: Policy, workers: Int) {
        self.policy = policy
        self.workers = workers
    }

    /// Whether it goes by what workers see of the processors.
    var goesByTime: Bool {
        switch policy {
        case .asNeeded: true
        case .fixed: false
        }
    }

    /// Heeds what a worker has seen; true if there should be another number of workers from now on.
    mutating func heed(_ window: Window, of worker: Int, loops: Int) -> Bool {
        guard goesByTime, window.begin >= changedAt else { return false }
        let scarceWindows = scarce.note(worker, window.delayed >= Self.scarcity.share)
        // A loop is not divided.
        let saturatedWindows = saturated.note(worker, window.busy >= Self.saturation.share && window.loops > 1)
        if scarceWindows >= Self.scarcity.windows { return narrow(at: window.end) }
        guard saturatedWindows >= Self.saturation.windows else { return false }
        return widen(at: window.end, loops)
    }

    private mutating func widen(at now: Int, _ loops: Int) -> Bool {
        guard workers < loops, now >= mayWidenAt else { return false }
        trialBegan = now
        change(to: min(loops, workers * 2), at: now)
        return true
    }

    private mutating func narrow(at now: Int) -> Bool {
        guard workers > 1 else { return false }
        if let began = trialBegan {
            if now - began >= Self.trial { pause = Self.pauses.lowerBound }
            mayWidenAt = now + pause
            pause = min(pause * 4, Self.pauses.upperBound)
            trialBegan = nil
        }
        change(to: (workers + 1) / 2, at: now)
        return true
    }

    private mutating func change(to workers: Int, at now: Int) {
        self.workers = workers
        changedAt = now
        (saturated, scarce) = (Streaks(), Streaks())
    }
}
