/// How long syncs take and how many wait for one, and what follows from it for the next one.
///
/// Of many who wait for one sync, each answers the news with its next request. If the next sync began with the first of
/// them, all others would wait for it and for their own. If it began when all have come, the disk would have nothing to
/// do while they come, and they nothing while it syncs. So it begins when half of those who are about are there: one
/// half is served while the other one is synced.
struct Pace {
    /// Nanoseconds: a sync that is over as soon is not worth to be shared.
    private static let shortest = 40_000
    /// Nanoseconds: by then, whoever answers at once has answered.
    private static let longest = 1_000_000
    /// Nanoseconds. What is longer leaves time for other things.
    private static let short = 1_000_000

    /// Nanoseconds; nil before the first one.
    private var lastSync: Int?
    /// How many the last sync was for.
    private var told = 0

    mutating func noteSync(nanoseconds: Int, waiting: Int) {
        lastSync = nanoseconds
        told = waiting
    }

    var isShort: Bool { lastSync.map { $0 < Self.short } ?? false }

    /// Nanoseconds from the end of a sync in which the next one waits for others; nil if that is not worth it.
    var gatheringTime: Int? {
        guard let lastSync, lastSync >= Self.shortest else { return nil }
        return min(lastSync + lastSync / 2, Self.longest)
    }

    /// How many are worth a sync when so many have come since the last one began.
    func quorum(with waiting: Int) -> Int { (told + waiting) / 2 }
}
