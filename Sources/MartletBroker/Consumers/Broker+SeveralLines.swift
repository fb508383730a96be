// A receive over several queues: it stands in the line of each, and is answered from all of them at once.
//
// It gets what is there in its own order, whichever queue was touched first, so that it sees all of an `atomic` or none
// of it. In each of its queues those who stand ahead of it go first. So before it is answered, the lines of its queues
// are served up to it: then it is the first wherever there is something to be had.
extension Broker {
    @inline(__always)
    func standsInSeveralLines(_ consumer: UInt32) -> Bool { claims[consumers[consumer].firstClaim].sibling != 0 }

    /// A queue of the consumer that has a message for someone ahead of it; nil if there is none.
    func queueToServe(before consumer: UInt32) -> Queue? {
        var claim = consumers[consumer].firstClaim
        while claim != 0 {
            let queue = queue(claims[claim].queue)
            if queue.line.first != claim, mayGive(queue) { return queue }
            claim = claims[claim].sibling
        }
        return nil
    }

    /// Whether the first in the queue's line would get a message, unless all of its ready ones have expired.
    func mayGive(_ queue: Queue) -> Bool {
        guard !queue.receiveIsPaused, !queue.readyMessages.isEmpty, hasRoom else { return false }
        return queue.settings.rate == 0 || withBucket(of: queue) { $0.hasToken(now: now.monotonic) }
    }

    /// The message that a receive gets next: from the queue of `claim` or, if that has none for it, from those behind.
    /// `claim` becomes that of the message's queue. 0 if none has one, and `claim` is 0 then.
    func takeNext(at claim: inout UInt32) -> UInt32 {
        while claim != 0 {
            let queue = queue(claims[claim].queue)
            if queue.line.first == claim {
                let message = takeNext(from: queue)
                // Nobody looks past expired messages that were too many for one go.
                if message != 0 || expiriesLeft <= 0 { return message }
            }
            claim = claims[claim].sibling
        }
        return 0
    }

    /// What a receive leaves behind, having had enough, is for those who stand behind it.
    func touchLeftovers(of consumer: UInt32) {
        var claim = consumers[consumer].firstClaim
        while claim != 0 {
            let queue = queue(claims[claim].queue)
            if queue.line.first == claim, !queue.readyMessages.isEmpty { touch(queue) }
            claim = claims[claim].sibling
        }
    }
}
