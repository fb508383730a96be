package import MartletProtocol

// `declare`, `drop`, `queues`, `pause`, `resume`.
extension Broker {
    func declare(_ request: Request, _ session: Session) throws(Failure) {
        let name = request.string(.queue) ?? ""
        let (queue, created) = try planDeclaration(of: name, QueueSettingsPatch(request))
        if plannedSettings(of: queue).temporary, queue.owner == 0 {
            queue.owner = session.index
            session.temporaryQueues.append(queue.index)
        } else if !plannedSettings(of: queue).temporary {
            queue.owner = 0
        }
        reply.append(created ? ",\"created\":true,\"settings\":" : ",\"created\":false,\"settings\":")
        reply.append(plannedSettings(of: queue))
    }

    /// Decides to create or change a queue.
    private func planDeclaration(
        of name: String,
        _ patch: QueueSettingsPatch
    ) throws(Failure) -> (queue: Queue, created: Bool) {
        if let queue = queues.find(name) {
            var settings = queue.settings
            settings.apply(patch)
            plan.declarations.append(Plan.Declaration(queue: queue.index, settings: settings))
            plan.changes.append(.declared(declaration: plan.declarations.count - 1))
            queue.isAutoCreated = false
            return (queue, false)
        }
        var settings = self.settings.initialSettings(forQueue: name)
        settings.apply(patch)
        return (try createQueue(name, settings, isAutoCreated: false), true)
    }

    private func plannedSettings(of queue: Queue) -> QueueSettings {
        plan.declarations.last { $0.queue == queue.index }?.settings ?? queue.settings
    }

    func drop(_ request: Request) throws(Failure) {
        let queue = try existingQueue(request)
        guard queue.isEmpty || request.flag(.force) else {
            throw Failure(
                .badRequest,
                "\(queue.name) holds \(queue.messageCount.counted("message")): give `force` to drop all the same"
            )
        }
        plan.changes.append(.dropped(queue: queue.index))
    }

    func listQueues(_ request: Request, _ session: Session) -> Outcome {
        let pattern = request.string(.match).map(Glob.init)
        let subject = Listing.Subject.queues(match: pattern, rest: request.integer(.max) ?? 10_000)
        return run(Job(work: .list(Listing(subject: subject, last: request.string(.after)))), request, session)
    }

    func pause(_ request: Request, _ isPaused: Bool) throws(Failure) {
        let queue = try existingQueue(request)
        let direction = request.integer(.direction) ?? 2
        let (affectsSend, affectsReceive) = (direction != 1, direction != 0)
        plan.changes.append(
            .paused(
                queue: queue.index,
                send: affectsSend ? isPaused : queue.sendIsPaused,
                receive: affectsReceive ? isPaused : queue.receiveIsPaused
            )
        )
    }

    // MARK: Administration

    /// Creates or changes a queue, as the configuration says. A queue that is so already takes no room in the journal.
    package func declare(queue name: String, _ patch: QueueSettingsPatch, now: Now) throws(Failure) {
        self.now = now
        if let queue = queues.find(name), !queue.isAutoCreated {
            var settings = queue.settings
            settings.apply(patch)
            if settings == queue.settings { return }
        }
        try checkHasRoom()
        do throws(Failure) {
            _ = try planDeclaration(of: name, patch)
        } catch {
            discardPlan()
            throw error
        }
        commitPlan()
        dispatchTouched()
    }
}
