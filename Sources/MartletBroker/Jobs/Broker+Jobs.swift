import MartletProtocol

// Doing jobs in slices: none keeps a loop for more than a few milliseconds.
extension Broker {
    /// Messages that a slice deals with at most.
    private static let slice = 4_000
    /// Ids that a slice looks at: most may be gone.
    private static let looks = 40_000

    /// Does the first slice at once. Returns the finished job, or nil if there is more to do: then it goes on in
    /// `advance`, and `asker` is answered at its end.
    func begin(_ job: Job, asker: () -> Job.Asker?) -> Job? {
        var job = job
        if work(&job) { return job }
        job.asker = asker()
        jobs.append(job)
        return nil
    }

    /// One slice of the job that was begun first and can go on.
    func continueJobs() {
        guard let next = jobs.firstIndex(where: { !isHeldUp($0) }) else { return }
        // In turn, so that a small job does not wait for a large one.
        var job = jobs.remove(at: next)
        if work(&job) { finish(job) } else { jobs.append(job) }
    }

    /// Whether a job waits for room in the journal: its slices end where there is none.
    func isHeldUp(_ job: Job) -> Bool {
        guard !hasRoom else { return false }
        return switch job.work {
        case .purge, .redrive, .drop: true
        case .part(let session): sessions[session].map { $0.lastLease != 0 } ?? false
        // What is dropped is recorded as dropped, once.
        case .offer, .clear, .list, .search, .forget: false
        }
    }

    /// Does a slice. Returns whether the job is done.
    private func work(_ job: inout Job) -> Bool {
        switch job.work {
        case .purge(let index, let states, let next, let last):
            guard let queue = queues[index], queue.number == job.queueNumber else { return true }
            let end = purge(queue, states, from: next, through: last, &job.count)
            job.work = .purge(queue: index, states: states, next: end, last: last)
            return end > last
        case .redrive(let index, let target, let rest):
            guard let queue = queues[index], queue.number == job.queueNumber,
                let target = queues[target], target.number == job.targetNumber
            else { return true }
            let moved = redrive(min(rest, Self.slice), from: queue, to: target)
            job.count += moved
            job.work = .redrive(queue: index, target: target.index, rest: rest - moved)
            return rest == moved || moved < Self.slice && hasRoom
        case .offer(let index, let next):
            guard let queue = queues[index], queue.number == job.queueNumber else { return true }
            let rest = queue.offerGroups(from: next, atMost: Self.slice, in: store)
            job.work = .offer(queue: index, next: rest)
            touch(queue)
            return rest == 0
        case .search(let index, var search):
            guard let queue = queues[index], queue.number == job.queueNumber else { return true }
            let isDone = look(for: &search, in: queue)
            job.work = .search(queue: index, search)
            return isDone
        case .forget(let index):
            guard let queue = queues[index], queue.number == job.queueNumber else { return true }
            countingHistory(of: queue) { queue.history.free(Self.slice) }
            return queue.history.isClean
        case .clear(let index): return clear(queue(index))
        case .list(var listing):
            let isDone = gather(&listing)
            job.work = .list(listing)
            return isDone
        case .part(let index):
            guard let session = sessions[index] else { return true }
            return endLeases(of: session)
        case .drop(var orphans):
            let isDone = drop(&orphans)
            job.work = .drop(orphans)
            return isDone
        }
    }

    private func finish(_ job: Job) {
        guard let asker = job.asker, let session = sessions[asker.session], !session.isClosing else { return }
        let start = beginReply(session)
        reply.append("{\"ok\":true")
        asker.tag.withUnsafeBytes { write(tag: $0) }
        writeResult(of: job)
        reply.append("}\n")
        endReply(session, waitedAs: asker.number, from: start)
    }

    /// The members that tell what was found, or how much was done.
    func writeResult(of job: Job) {
        switch job.work {
        case .list(let listing): return write(listing)
        case .search(_, let search): return write(search)
        case .redrive: reply.append(",\"moved\":")
        default: reply.append(",\"purged\":")
        }
        reply.append(integer: job.count)
    }

    // MARK: Slices

    /// Returns the id at which the next slice begins.
    private func purge(
        _ queue: Queue,
        _ states: StateSet,
        from next: Int,
        through last: Int,
        _ count: inout Int
    ) -> Int {
        var id = next
        var looks = Self.looks
        let limit = count + Self.slice
        if recorder.isOn { recorder.begin(at: now) }
        defer { if recorder.isOn { recorder.end() } }
        while id <= last, count < limit, looks > 0, queue.isHidden || hasRoom {
            looks -= 1
            id = queue.ids.nextPossible(from: id, through: last)
            guard id <= last else { break }
            let slot = queue.ids.slot(of: id)
            if slot != 0, states.contains(store[slot].state) {
                commit(.removed(message: slot, .purged, by: 0))
                count += 1
            }
            id += 1
        }
        touch(queue)
        return id
    }

    private func redrive(_ count: Int, from queue: Queue, to target: Queue) -> Int {
        var moved = 0
        for slot in queue.messages(.dead, atMost: count, in: store) {
            guard hasRoom else { break }
            if queue === target {
                commit(.redriven(message: slot))
            } else {
                let bytes = store.payload(of: slot).count
                guard fits(in: target, bytes: bytes) else { break }
                commit(.moved(message: slot, to: target.index, id: target.lastID + 1))
                if target.settings.overflow == .dropOldest { commit(.trimmed(queue: target.index)) }
            }
            moved += 1
        }
        return moved
    }

    /// Dismisses a slice of a dropped queue's consumers, or frees one of what it holds; with the last of it the queue
    /// gives its place up.
    private func clear(_ queue: Queue) -> Bool {
        guard dismissConsumers(of: queue) else { return false }
        var count = 0
        queue.clearedTo = purge(queue, .all, from: queue.clearedTo, through: queue.lastID, &count)
        guard queue.isEmpty else { return false }
        let keys = queue.dedup.count
        let isForgotten = countingHistory(of: queue) { queue.forget(atMost: Self.slice) }
        dedupEntries -= keys - queue.dedup.count
        guard bindings.remove(Self.slice / 4, of: queue.index), isForgotten else { return false }
        retired += queue.counters
        queues.release(queue)
        return true
    }

    /// Ends a slice of a gone connection's leases; with the last of them it gives its place up.
    private func endLeases(of session: Session) -> Bool {
        // The oldest first: what was taken first is usually first in its queue.
        while session.lastLease != 0, endingsLeft > 0, hasRoom {
            endingsLeft -= 1
            let lease = session.lastLease
            // A broker that goes down leaves its leases to the next run: who comes back can still delete what it did.
            if leases[lease].keep || isDraining && recorder.isOn {
                detach(lease)
            } else {
                failDelivery(of: leases[lease].message)
            }
        }
        guard session.lastLease == 0, session.firstConsumer == 0 else { return false }
        sessions.close(session)
        return true
    }

    /// Temporary queues go that no connection owns any more, now or when there is room for it in the journal.
    func dropOrphans(_ queues: [Queue]) {
        if !queues.isEmpty { _ = begin(Job(dropping: queues), asker: { nil }) }
    }

    /// Drops them as far as there is room. Who has declared one meanwhile keeps it: a connection that came back.
    private func drop(_ orphans: inout ArraySlice<Job.Orphan>) -> Bool {
        while endingsLeft > 0, hasRoom, let orphan = orphans.popFirst() {
            guard let queue = queues[orphan.index], queue.number == orphan.number else { continue }
            // A drop does about as much as eight removals of messages, more where there are bindings or consumers.
            endingsLeft -= 8 + 16 * bindings.patterns(of: queue.index).count
            endingsLeft -= min(queue.consumers, dismissalsAtOnce)
            if !queue.isHidden, queue.owner == 0, queue.settings.temporary { commit(.dropped(queue: queue.index)) }
        }
        return orphans.isEmpty
    }
}
