import MartletProtocol

@testable import MartletBroker

// A power cut and a new start, as the protocol has them.
extension Model {
    /// Connections and those who wait are gone, and totals begin at nothing. Leases run on, but those without `keep`
    /// for `grace` milliseconds at most.
    mutating func restart(at instant: Int, grace: Int) {
        now = instant
        peers = [:]
        consumers = []
        woken = []
        (journalIsFull, journalHasRoom) = (false, true)
        jobs = []
        for index in queues.indices {
            queues[index].loseWhatIsNotDurable()
            for place in queues[index].messages.indices {
                guard var lease = queues[index].messages[place].lease else { continue }
                (lease.peer, lease.consumer) = (nil, nil)
                if !lease.keep { lease.until = min(lease.until, instant + grace) }
                queues[index].messages[place].state = .leased(lease)
            }
        }
    }

    /// Each by itself, as soon as there is room for it in the journal.
    mutating func dropTemporaryQueues() {
        let orphans = queues.filter(\.settings.temporary).sorted { $0.place < $1.place }
        jobs.append(.drop(orphans.map(\.birth)))
    }

    /// Takes over what the protocol leaves open and what replies depend on all the same: the order of messages that
    /// are in one state, of deadlines at one instant and of queues, and when a queue was last used.
    /// - Parameter broker: has recovered to where the model is, and is used up.
    mutating func adoptOrder(of broker: Broker) {
        for queue in broker.queues.all {
            guard let index = index(of: queue.name) else { continue }
            queues[index].place = Int(queue.index)
            queues[index].lastUsed = broker.wall(queue.lastUsed)
            queues[index].unusedTimer = nil
            for state in Message.State.allCases {
                for slot in queue.messages(state, atMost: .max, in: broker.store) {
                    guard let place = queues[index].index(of: broker.store[slot].id) else { continue }
                    queues[index].messages[place].since = nextEvent()
                }
            }
        }
        adoptDeadlines(of: broker)
        adoptFreePlaces(of: broker)
    }

    private mutating func adoptDeadlines(of broker: Broker) {
        while let deadline = broker.deadlines.nextDeadline, let due = broker.deadlines.popDue(at: .max) {
            switch due {
            case .message(let slot):
                let message = broker.store[slot]
                guard let index = index(of: broker.queue(message.queue).name),
                    let place = queues[index].index(of: message.id)
                else { continue }
                queues[index].messages[place].armed = nextEvent()
            case .unused(let queue):
                guard let index = index(of: broker.queue(queue).name) else { continue }
                queues[index].unusedTimer = ModelTimer(deadline: broker.wall(deadline), armed: nextEvent())
            }
        }
    }

    private mutating func adoptFreePlaces(of broker: Broker) {
        let count = broker.queues.indices.count - broker.queues.withHidden.count
        let places = (0..<count).map { number in
            let name = "probe.\(number)"
            return Int(broker.queues.insert(name, settings: QueueSettings(), isAutoCreated: false, now: 0).index)
        }
        freePlaces = places.reversed()
    }
}

extension ModelQueue {
    fileprivate mutating func loseWhatIsNotDurable() {
        line = []
        owner = nil
        tokens = nil
        rateTimer = nil
        (sent, received, deleted, expired) = (0, 0, 0, 0)
        (dropped, redelivered, deadLettered) = (0, 0, 0)
    }
}
