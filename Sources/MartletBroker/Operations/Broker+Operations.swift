import MartletProtocol

// Which operation is carried out where. Each decides by reading, notes its changes in the plan, and writes the members
// of its reply behind `{"ok":true`; the plan is carried out once the reply is written.
extension Broker {
    func carryOut(_ request: Request, for session: Session) throws(Failure) -> Outcome {
        switch request.operation {
        case .send: try send(request, session)
        case .receive: return try receive(request, session)
        case .delete: try delete(request, session)
        case .release: try release(request, session)
        case .extend: try extend(request, session)
        case .reject: try reject(request, session)
        case .peek: try peek(request)
        case .redrive: return try redrive(request, session)
        case .purge: return try purge(request, session)
        case .atomic: try atomic(request, session)
        case .subscribe: try subscribe(request, session)
        case .unsubscribe: try unsubscribe(request, session)
        case .bind: try bind(request)
        case .unbind: try unbind(request)
        case .bindings: return try listBindings(request, session)
        case .publish: try publish(request, session)
        case .declare: try declare(request, session)
        case .drop: try drop(request)
        case .queues: return listQueues(request, session)
        case .pause: try pause(request, true)
        case .resume: try pause(request, false)
        case .hello: hello(request, session)
        case .ping: ping()
        case .help: help(request)
        case .stats: return try stats(request, session)
        case .history: return try history(request, session)
        case .explain: try explain(request)
        case .quit: break
        }
        return .answered
    }

    // MARK: Queues that a request names

    /// The queue that the request's `queue` names.
    func existingQueue(_ request: Request) throws(Failure) -> Queue {
        guard let name = request.text(.queue) else { throw Failure(.badRequest, "`queue` is missing") }
        return try existingQueue(name)
    }

    func existingQueue(_ name: UnsafeRawBufferPointer) throws(Failure) -> Queue {
        guard let queue = queues.find(name) else {
            throw Failure(.noQueue, "there is no queue \(String(decoding: name, as: UTF8.self))")
        }
        queue.lastUsed = now.monotonic
        return queue
    }

    /// As `existingQueue`, for what leaves the queue there.
    @inline(__always)
    func withExistingQueue(_ request: Request, _ body: (Queue) throws(Failure) -> Void) throws(Failure) {
        guard let name = request.text(.queue), let queue = queues.locate(name) else {
            return try body(try existingQueue(request))
        }
        try queue.lend { queue throws(Failure) in
            queue.lastUsed = now.monotonic
            try body(queue)
        }
    }

    /// The queue of this name; it is created if need be, and goes again if the request fails.
    func queueForUse(_ name: UnsafeRawBufferPointer) throws(Failure) -> Queue {
        if let queue = queues.find(name) {
            queue.lastUsed = now.monotonic
            return queue
        }
        let name = String(decoding: name, as: UTF8.self)
        guard settings.autoCreate else { throw Failure(.noQueue, "there is no queue \(name), and auto_create is off") }
        return try createQueue(name, settings.initialSettings(forQueue: name), isAutoCreated: true)
    }

    func queueForUse(_ name: String) throws(Failure) -> Queue {
        var result: Result<Queue, Failure>?
        var name = name
        name.withUTF8 { bytes in
            do throws(Failure) {
                result = .success(try queueForUse(UnsafeRawBufferPointer(bytes)))
            } catch {
                result = .failure(error)
            }
        }
        guard let result else { preconditionFailure("the closure has run") }
        return try result.get()
    }

    func createQueue(_ name: String, _ settings: QueueSettings, isAutoCreated: Bool) throws(Failure) -> Queue {
        try checkJournalTakesMore()
        guard queues.count < self.settings.limits.maxQueues else {
            throw Failure(.tooMany, "there are \(queues.count) queues, as many as there may be")
        }
        let queue = queues.insert(name, settings: settings, isAutoCreated: isAutoCreated, now: now.monotonic)
        plan.created.append(queue)
        plan.declarations.append(Plan.Declaration(queue: queue.index, settings: settings))
        plan.changes.append(.declared(declaration: plan.declarations.count - 1))
        return queue
    }

    /// The queues that a receive or subscribe names, each once, created if need be.
    func queuesForUse(_ request: Request) throws(Failure) -> [Queue] {
        if let name = request.text(.queue) { return [try queueForUse(name)] }
        var named: [Queue] = []
        for name in request.texts(.queues) { named.append(try queueForUse(name)) }
        return named
    }
}
