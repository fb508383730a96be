package import MartletProtocol

// `bind`, `unbind`, `bindings`, `publish`: a copy to every queue whose pattern matches.
extension Broker {
    func bind(_ request: Request) throws(Failure) {
        let queue = try existingQueue(request)
        let pattern = request.string(.topic) ?? ""
        try planBinding(of: queue, to: pattern)
    }

    private func planBinding(of queue: Queue, to pattern: String) throws(Failure) {
        guard !bindings.contains(pattern, queue.index) else { return }
        try checkJournalTakesMore()
        guard bindings.count < settings.limits.maxBindings else {
            throw Failure(.tooMany, "there are \(bindings.count) bindings, as many as there may be")
        }
        plan.bindings.append(Plan.Binding(queue: queue.index, pattern: pattern))
        plan.changes.append(.bound(binding: plan.bindings.count - 1))
    }

    func unbind(_ request: Request) throws(Failure) {
        let queue = try existingQueue(request)
        let pattern = request.string(.topic) ?? ""
        guard bindings.contains(pattern, queue.index) else {
            throw Failure(.badRequest, "`topic`: \(queue.name) is not bound to \(pattern)")
        }
        plan.bindings.append(Plan.Binding(queue: queue.index, pattern: pattern))
        plan.changes.append(.unbound(binding: plan.bindings.count - 1))
    }

    func listBindings(_ request: Request, _ session: Session) throws(Failure) -> Outcome {
        var listing = Listing(subject: .bindings)
        guard request.has(.queue) else { return run(Job(work: .list(listing)), request, session) }
        let start = reply.count
        writeBindings(of: try existingQueue(request))
        listing.elements += reply.bytes(from: start)
        cancelReply(from: start)
        write(listing)
        return .answered
    }

    func publish(_ request: Request, _ session: Session) throws(Failure) {
        let isPart = plan.isCompound
        plan.isCompound = true
        let topic = request.string(.topic) ?? ""
        // What was dropped is unbound by and by.
        let bound = bindings.queues(for: topic).filter { !queue($0).isHidden }
        guard plan.messageCount + bound.count <= settings.limits.maxBatch else {
            throw tooMany("\(topic) reaches \(bound.count.counted("queue"))")
        }
        for index in bound { _ = try planSend(request, to: queue(index), topic: request.text(.topic), session) }
        let routed = bound.count
        if routed == 0, request.flag(.mandatory) {
            throw Failure(.unroutable, "no queue is bound to \(topic)")
        }
        plan.isCompound = isPart || routed > 0
        reply.append(",\"routed\":")
        reply.append(integer: routed)
    }

    // MARK: Administration

    /// Binds a queue to a topic pattern, as the configuration says.
    package func bind(queue name: String, topic pattern: String, now: Now) throws(Failure) {
        self.now = now
        guard let queue = queues.find(name) else { throw Failure(.noQueue, "there is no queue \(name)") }
        try planBinding(of: queue, to: pattern)
        commitPlan()
    }
}
