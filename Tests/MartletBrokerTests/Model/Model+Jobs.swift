/// What a connection that has gone leaves to be done, at once or when there is room in the journal.
enum ModelJob {
    /// Temporary queues go, named by their birth.
    case drop([Int])
    /// Messages come back, named by their leases' numbers in the order in which those were taken.
    case part([Int])
}

extension Model {
    /// Nobody owns its temporary queues any more.
    mutating func leaveQueues(of peer: Int) {
        let births = peers[peer]?.temporaryQueues ?? []
        for index in queues.indices where births.contains(queues[index].birth) && queues[index].owner == peer {
            queues[index].owner = nil
        }
        jobs.append(.drop(births))
    }

    /// Nobody holds its leases any more; those without `keep` end.
    mutating func leaveLeases(of peer: Int) {
        var ending: [Int] = []
        for index in queues.indices {
            for place in queues[index].messages.indices {
                guard var lease = queues[index].messages[place].lease, lease.peer == peer else { continue }
                if !lease.keep { ending.append(lease.number) }
                (lease.peer, lease.consumer) = (nil, nil)
                queues[index].messages[place].state = .leased(lease)
            }
        }
        jobs.append(.part(ending.sorted()))
    }

    /// Does what a connection that closes now leaves, if there is room for it.
    mutating func continueJobs() {
        while journalHasRoom, !jobs.isEmpty { continueJob() }
    }

    /// Does the job that has waited longest.
    mutating func continueJob() {
        guard journalHasRoom, !jobs.isEmpty else { return }
        switch jobs.removeFirst() {
        case .drop(let births): for birth in births { dropOrphan(birth) }
        case .part(let leases): for lease in leases { end(lease) }
        }
    }

    /// Unless somebody else has declared it meanwhile.
    private mutating func dropOrphan(_ birth: Int) {
        let orphan = queues.first { $0.birth == birth && $0.owner == nil && $0.settings.temporary }
        if let orphan { drop(orphan.name) }
        noteMoment()
    }

    private mutating func end(_ number: Int) {
        for index in queues.indices {
            let found = queues[index].messages.firstIndex { $0.lease?.number == number }
            if let found {
                comeBack(found, in: index, delay: nil, counts: true, by: nil)
                return noteMoment()
            }
        }
    }
}

extension Action {
    /// Whether it is recorded in the journal, be it as a lease.
    var isRecorded: Bool {
        switch self {
        case .unsubscribe, .peek, .bindings, .queues, .hello, .stats, .history, .explain: false
        default: true
        }
    }
}
