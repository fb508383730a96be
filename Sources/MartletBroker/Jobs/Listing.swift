/// A reply about all queues. With very many of them it takes longer than a turn may, so it is gathered in slices, in
/// the order of names; what it tells of a queue is how that was when its slice came.
struct Listing {
    enum Subject {
        /// The queues that match, so many more of them.
        case queues(match: Glob?, rest: Int)
        case bindings
        /// What all queues hold and have done.
        case totals(Totals)
    }

    struct Totals {
        var counters: QueueCounters
        var rates = RateWindow.Rates()
        var ready = 0
        var delayed = 0
        var leased = 0
        var dead = 0
        var bytes = 0
    }

    var subject: Subject
    /// The name of the queue that was dealt with last.
    var last: String?
    /// The elements of the reply's array, each with a comma before it.
    var elements: [UInt8] = []
}
