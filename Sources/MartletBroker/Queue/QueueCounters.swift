/// What a queue has done since the broker's start.
struct QueueCounters: Equatable {
    var sent = 0
    var received = 0
    var deleted = 0
    var expired = 0
    var dropped = 0
    var redelivered = 0
    var deadLettered = 0

    static func += (sum: inout QueueCounters, counters: QueueCounters) {
        sum.sent += counters.sent
        sum.received += counters.received
        sum.deleted += counters.deleted
        sum.expired += counters.expired
        sum.dropped += counters.dropped
        sum.redelivered += counters.redelivered
        sum.deadLettered += counters.deadLettered
    }
}

/// Rates over about the last ten seconds, from totals noted once a second while something happens: no tick is needed.
struct RateWindow {
    private static let seconds = 10

    private struct Note {
        var second: Int
        var sent: Int
        var received: Int
        var deleted: Int
    }

    struct Rates {
        var sent = 0.0
        var received = 0.0
        var deleted = 0.0

        static func += (sum: inout Rates, rates: Rates) {
            sum.sent += rates.sent
            sum.received += rates.received
            sum.deleted += rates.deleted
        }
    }

    /// The totals at the beginning of a second, for the seconds in which something happened; the newest last.
    private var notes: [Note] = []
    /// The monotonic millisecond with which the second ends for which totals were noted last.
    private var end = Int.min

    /// To be called before each change of the counters.
    @inline(__always)
    mutating func note(_ counters: borrowing QueueCounters, now: Int) {
        if now >= end { note(copy counters, second: now / 1000) }
    }

    @inline(never)
    private mutating func note(_ counters: QueueCounters, second: Int) {
        end = (second + 1) * 1000
        notes.removeAll { $0.second < second - Self.seconds }
        notes.append(
            Note(second: second, sent: counters.sent, received: counters.received, deleted: counters.deleted)
        )
    }

    /// Changes a second since the beginning of the window.
    func rates(_ counters: QueueCounters, now: Int) -> Rates {
        let second = now / 1000
        guard let first = notes.first(where: { $0.second >= second - Self.seconds }) else { return Rates() }
        let elapsed = max(1, Double(now - first.second * 1000) / 1000)
        // Before a note there was quiet; a queue that has only begun is not diluted by seconds before its first.
        let span = notes.count > 1 || elapsed >= 1 ? min(elapsed, Double(Self.seconds + 1)) : 1
        return Rates(
            sent: Double(counters.sent - first.sent) / span,
            received: Double(counters.received - first.received) / span,
            deleted: Double(counters.deleted - first.deleted) / span
        )
    }
}
