// What the passing of time does.
extension Model {
    /// Something that happens by itself.
    private enum Due {
        case message(queue: String, id: Int)
        case consumer(Int)
        case rate(queue: String)
        case unused(queue: String)

        /// What is recorded waits while the journal has no room for it.
        var isRecorded: Bool {
            switch self {
            case .message, .unused: true
            case .consumer, .rate: false
            }
        }
    }

    /// Lets time pass, instant by instant.
    mutating func pass(_ milliseconds: Int) {
        let end = now + milliseconds
        while let next = nextDeadline, next <= end {
            now = max(next, now)
            meetDeadlines()
        }
        now = end
        meetDeadlines()
    }

    /// Everything that is due by now: what is recorded, then the rest; the earliest first, and of one instant what was
    /// set first.
    mutating func meetDeadlines() {
        repeat {
            meetDeadlines { $0.isRecorded }
            meetDeadlines { !$0.isRecorded }
            continueJob()
            dispatchWoken()
        } while journalHasRoom && !jobs.isEmpty
    }

    private mutating func meetDeadlines(which isMeant: (Due) -> Bool) {
        while let (timer, due) = timers.filter({ isMeant($0.1) })
            .min(by: { ($0.0.deadline, $0.0.armed) < ($1.0.deadline, $1.0.armed) }),
            timer.deadline <= now
        {
            meet(due)
            noteMoment()
        }
    }

    private var nextDeadline: Int? { timers.map(\.0.deadline).min() }

    private var timers: [(ModelTimer, Due)] { allTimers.filter { journalHasRoom || !$0.1.isRecorded } }

    private var allTimers: [(ModelTimer, Due)] {
        var timers: [(ModelTimer, Due)] = []
        for queue in queues {
            for message in queue.messages {
                guard let deadline = message.deadline else { continue }
                let timer = ModelTimer(deadline: deadline, armed: message.armed)
                timers.append((timer, .message(queue: queue.name, id: message.id)))
            }
            if let timer = queue.rateTimer { timers.append((timer, .rate(queue: queue.name))) }
            if let timer = queue.unusedTimer { timers.append((timer, .unused(queue: queue.name))) }
        }
        for consumer in consumers {
            if let timer = consumer.timer { timers.append((timer, .consumer(consumer.id))) }
        }
        return timers
    }

    private mutating func meet(_ due: Due) {
        switch due {
        case .message(let queue, let id):
            guard let index = index(of: queue), let place = queues[index].index(of: id) else { return }
            messageIsDue(place, in: index)
        case .consumer(let id):
            guard let consumer = consumers.first(where: { $0.id == id }) else { return }
            let head = consumer.tag.map { ",\"tag\":\($0)" } ?? ""
            remove(id)
            answer(consumer.number, of: consumer.peer, "{\"ok\":true\(head),\"messages\":[]}")
        case .rate(let queue):
            guard let index = index(of: queue) else { return }
            queues[index].rateTimer = nil
            wake(queue)
        case .unused(let queue):
            guard let index = index(of: queue) else { return }
            queues[index].unusedTimer = nil
            dropIfUnused(index)
        }
    }

    private mutating func messageIsDue(_ place: Int, in index: Int) {
        let message = queues[index].messages[place]
        let isExpired = message.expiresAt.map { $0 <= now } ?? false
        if message.lease != nil {
            comeBack(place, in: index, delay: nil, counts: true, by: nil)
        } else if message.isDelayed, !isExpired {
            put(place, in: index, .ready)
        } else {
            expire(place, in: index)
        }
    }

    private mutating func dropIfUnused(_ index: Int) {
        let queue = queues[index]
        guard queue.isAutoCreated, queue.settings.expireUnused > 0 else { return }
        let waits = consumers.contains { $0.queues.contains(queue.name) }
        let instant = queue.lastUsed + queue.settings.expireUnused
        if queue.messages.isEmpty, !waits, instant <= now { return drop(queue.name) }
        let next = instant > now ? instant : now + queue.settings.expireUnused
        queues[index].unusedTimer = ModelTimer(deadline: next, armed: nextEvent())
    }
}
