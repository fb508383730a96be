/// How long syncs take, and what follows from it for the next one.
///
/// Of many who wait for one sync, each answers the news with its next request. Those who come while the next sync has
/// just begun wait for it and for their own. So it is worth to begin it a little later, with all of them: of 64
/// connections with one request each, a sixth more come through, with a third fewer syncs.
struct Pace {
    /// Of the time that a sync takes.
    private static let share = 4
    /// Nanoseconds: by then, whoever answers at once has answered.
    private static let longest = 100_000
    /// Nanoseconds: a thread that sleeps for less sleeps for much longer than it was to.
    private static let shortest = 10_000
    /// Nanoseconds. What is longer leaves time for other things.
    private static let short = 1_000_000

    /// Nanoseconds; nil before the first one.
    private var lastSync: Int?

    mutating func noteSync(nanoseconds: Int) { lastSync = nanoseconds }

    var isShort: Bool { lastSync.map { $0 < Self.short } ?? false }

    /// Nanoseconds to wait for others before the next sync; nil if it is over as soon.
    var gatheringTime: Int? {
        guard let lastSync, lastSync / Self.share >= Self.shortest else { return nil }
        return min(lastSync / Self.share, Self.longest)
    }
}
