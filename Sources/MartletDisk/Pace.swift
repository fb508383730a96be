/// How long syncs take and how many entries share one, and what follows from it for the next one.
///
/// Of many who wait for one sync, each answers the news with its next request. If the next sync began with the first of
/// them, all others would wait for it and for their own. If it began when all have come, the disk would have nothing to
/// do while they come, and they nothing while it syncs. So it begins when half of those who are about are there: one
/// half is served while the other one is synced. Of 64 connections with one request each, a sixth more come through.
struct Pace {
    /// Nanoseconds: a sync that is over as soon is not worth to be shared.
    private static let shortest = 40_000
    /// Nanoseconds: by then, whoever answers at once has answered.
    private static let longest = 1_000_000
    /// Nanoseconds. What is longer leaves time for other things.
    private static let short = 1_000_000

    /// Nanoseconds; nil before the first one.
    private var lastSync: Int?
    /// Entries that the last sync was for.
    private var told = 0

    mutating func noteSync(nanoseconds: Int, entries: Int) {
        lastSync = nanoseconds
        told = entries
    }

    var isShort: Bool { lastSync.map { $0 < Self.short } ?? false }

    /// Nanoseconds to wait for others before the next sync, at most; nil if that is not worth it.
    var gatheringTime: Int? {
        guard let lastSync, lastSync >= Self.shortest else { return nil }
        return min(lastSync + lastSync / 2, Self.longest)
    }

    /// How many entries to wait for when so many have come while the sync went on.
    func quorum(with entries: Int) -> Int { (told + entries) / 2 }
}
