import MartletProtocol

// `peek`, `redrive`, `purge`: looking into a queue and putting it in order.
extension Broker {
    func peek(_ request: Request) throws(Failure) {
        let queue = try existingQueue(request)
        if let id = request.integer(.id) {
            let slot = queue.ids.slot(of: id)
            guard slot != 0 else { throw Failure(.noMessage, "there is no message \(id) in \(queue.name)") }
            return writeShown([slot])
        }
        let state = request.integer(.state).flatMap { Message.State(rawValue: UInt8($0)) } ?? .ready
        writeShown(queue.messages(state, atMost: request.integer(.max) ?? 1, in: store))
    }

    /// The messages with their states, as many as one peer may be owed.
    private func writeShown(_ slots: [UInt32]) {
        let start = reply.count
        reply.append(",\"messages\":[")
        for (index, slot) in slots.enumerated() where reply.count - start < settings.limits.maxOutput {
            if index > 0 { reply.append(",") }
            writeMessage(slot, lease: 0, queue: nil, showsState: true)
        }
        reply.append("]")
    }

    func redrive(_ request: Request, _ session: Session) throws(Failure) -> Outcome {
        let queue = try existingQueue(request)
        var target = queue
        if let name = request.text(.to) { target = try existingQueue(name) }
        let count = min(queue.dead, request.integer(.max) ?? .max)
        if target !== queue { try checkLimits(of: target, forFirstDead: count, of: queue) }
        let job = Job(
            work: .redrive(queue: queue.index, target: target.index, rest: count),
            queueNumber: queue.number,
            targetNumber: target.number
        )
        return run(job, request, session)
    }

    /// Whether so many dead messages of one queue fit into another: all of them, or none is moved.
    private func checkLimits(of target: Queue, forFirstDead count: Int, of queue: Queue) throws(Failure) {
        let settings = target.settings
        guard settings.overflow == .reject else { return }
        if settings.maxMessages > 0, target.limitedCount + count > settings.maxMessages {
            throw refuseOverflow(of: target, messages: count)
        }
        guard settings.maxBytes > 0 else { return }
        let bytes = queue.bytes(ofFirstDead: count, in: store)
        if target.limitedBytes + bytes > settings.maxBytes { throw refuseOverflow(of: target, bytes: bytes) }
    }

    func purge(_ request: Request, _ session: Session) throws(Failure) -> Outcome {
        let queue = try existingQueue(request)
        var states = StateSet.notLeased
        if let choice = request.integer(.state) {
            states = Message.State(rawValue: UInt8(choice)).map { StateSet($0) } ?? .all
        }
        let job = Job(
            work: .purge(queue: queue.index, states: states, next: 1, last: queue.lastID),
            queueNumber: queue.number
        )
        return run(job, request, session)
    }

    /// Does a job, at once if it is small; a larger one is answered at its end.
    func run(_ job: Job, _ request: Request, _ session: Session) -> Outcome {
        let finished = begin(job) {
            Job.Asker(session: session.id, number: session.replies.appendUnanswered(), tag: Array(request.tag))
        }
        guard let finished else { return .waits }
        writeResult(of: finished)
        return .answered
    }
}
