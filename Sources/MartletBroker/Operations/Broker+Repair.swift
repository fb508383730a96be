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

    func redrive(_ request: Request) throws(Failure) {
        let queue = try existingQueue(request)
        let limit = request.integer(.max) ?? .max
        let dead = queue.messages(.dead, atMost: limit, in: store)
        if let name = request.text(.to) {
            try planMove(of: dead, to: try existingQueue(name), from: queue)
        } else {
            for slot in dead { plan.changes.append(.redriven(message: slot)) }
        }
        reply.append(",\"moved\":")
        reply.append(integer: dead.count)
    }

    private func planMove(of dead: [UInt32], to target: Queue, from queue: Queue) throws(Failure) {
        guard target !== queue else {
            for slot in dead { plan.changes.append(.redriven(message: slot)) }
            return
        }
        for slot in dead {
            let bytes = store.payload(of: slot).count
            try checkRoom(in: target, for: 1, bytes: bytes)
            let id = planMessage(in: target, bytes: bytes)
            plan.changes.append(.moved(message: slot, to: target.index, id: id))
        }
        if target.settings.overflow == .dropOldest { plan.changes.append(.trimmed(queue: target.index)) }
    }

    func purge(_ request: Request) throws(Failure) {
        let queue = try existingQueue(request)
        var states = StateSet.notLeased
        if let choice = request.integer(.state) {
            states = Message.State(rawValue: UInt8(choice)).map { StateSet($0) } ?? .all
        }
        plan.changes.append(.purged(queue: queue.index, states: states))
        let count = Message.State.allCases.filter { states.contains($0) }.reduce(0) { $0 + queue.count($1) }
        reply.append(",\"purged\":")
        reply.append(integer: count)
    }
}
