/// Work on many messages that takes longer than a turn may: it is done in slices, one at each `advance`, and everything
/// else goes on in between.
///
/// A job concerns what was there when it was asked for. A small one is over with its first slice, before the request is
/// answered; the reply to a larger one comes when it is done.
struct Job {
    enum Work {
        /// Removes messages of these states from `next` on to an id that was the queue's last.
        case purge(queue: UInt32, states: StateSet, next: Int, last: Int)
        /// Makes so many more dead messages ready, here or in another queue.
        case redrive(queue: UInt32, target: UInt32, rest: Int)
        /// Gathers what a reply tells of all queues.
        case list(Listing)
        /// Looks for records in a queue's history.
        case search(queue: UInt32, HistorySearch)
        /// Frees what a queue's history has forgotten.
        case forget(queue: UInt32)
        /// Lets the groups from a number on be delivered as their queue's `group_concurrency` now says.
        case offer(queue: UInt32, next: UInt32)
        /// Dismisses the consumers of a queue that no one can name any more, and frees what it holds.
        case clear(queue: UInt32)
        /// Ends the leases of a connection that is gone.
        case part(session: UInt32)
        /// Drops temporary queues whose connections are gone.
        case drop(ArraySlice<Orphan>)
    }

    /// A temporary queue that no connection owns any more, by its index and number: held as an object it would be freed
    /// with all others at the end.
    struct Orphan {
        let index: UInt32
        let number: UInt32
    }

    /// Who is answered when it is done.
    struct Asker {
        let session: SessionID
        /// The place of the reply in the session's order.
        let number: Int
        let tag: [UInt8]
    }

    var work: Work
    /// The numbers of the queues it is about: a queue that was dropped ends it.
    var queueNumber: UInt32 = 0
    var targetNumber: UInt32 = 0
    /// Messages dealt with.
    var count = 0
    var asker: Asker?
}

extension Job {
    init(dropping orphans: [Queue]) {
        work = .drop(orphans.map { Orphan(index: $0.index, number: $0.number) }[...])
    }
}
