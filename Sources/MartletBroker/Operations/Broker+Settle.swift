import MartletProtocol

// `delete`, `release`, `extend`, `reject`: what a consumer does with what it has leased.
extension Broker {
    func delete(_ request: Request, _ session: Session) throws(Failure) {
        try withExistingQueue(request) { queue throws(Failure) in
            if request.has(.ids) || request.has(.receipts) { return try deleteMany(request, queue, session) }
            planDelete(try settled(request, in: queue, session), session)
            reply.append(",\"deleted\":1")
        }
    }

    @inline(__always)
    private func planDelete(_ slot: UInt32, _ session: Session) {
        // What is not part of an `atomic` need not wait for the rest of the request.
        guard plan.isCompound else { return commit(.removed(message: slot, .deleted, by: session.index)) }
        planFate(of: slot, .gone)
        plan.changes.append(.removed(message: slot, .deleted, by: session.index))
    }

    /// As `planDelete`, as long as there is room in the journal.
    private func planDeleteOfMany(_ slot: UInt32, _ session: Session) throws(Failure) {
        try checkHasRoom()
        planDelete(slot, session)
    }

    /// Deletes what it can, one after the other, and lists the rest. Inside an `atomic` a rest fails the whole.
    private func deleteMany(_ request: Request, _ queue: Queue, _ session: Session) throws(Failure) {
        var deleted = 0
        var failed: [(key: String, code: ErrorCode)] = []
        let force = request.flag(.force)
        for id in request.integers(.ids) {
            do throws(Failure) {
                try planDeleteOfMany(try message(id, in: queue, session, .delete, force: force), session)
                deleted += 1
            } catch {
                if plan.isCompound { throw error }
                failed.append(("\"id\":\(id)", error.code))
            }
        }
        for receipt in request.texts(.receipts) {
            do throws(Failure) {
                try planDeleteOfMany(try message(underReceipt: receipt, in: queue), session)
                deleted += 1
            } catch {
                if plan.isCompound { throw error }
                failed.append(("\"receipt\":\(quoted(receipt))", error.code))
            }
        }
        reply.append(",\"deleted\":")
        reply.append(integer: deleted)
        if !failed.isEmpty { write(failed) }
    }

    private func quoted(_ text: UnsafeRawBufferPointer) -> String {
        var buffer = ByteBuffer(capacity: 64)
        buffer.append(quoted: text)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    private func write(_ failed: [(key: String, code: ErrorCode)]) {
        reply.append(",\"failed\":[")
        for (index, failure) in failed.enumerated() {
            reply.append(index == 0 ? "{" : ",{")
            reply.append(text: failure.key)
            reply.append(",\"error\":\"")
            reply.append(text: failure.code.rawValue)
            reply.append("\"}")
        }
        reply.append("]")
    }

    func release(_ request: Request, _ session: Session) throws(Failure) {
        let queue = try existingQueue(request)
        let slot = try settled(request, in: queue, session)
        try checkIsLeased(slot)
        planReturn(
            of: slot,
            delay: request.integer(.delay),
            counts: !request.flag(.uncounted),
            by: session.index
        )
    }

    func extend(_ request: Request, _ session: Session) throws(Failure) {
        let queue = try existingQueue(request)
        let slot = try settled(request, in: queue, session)
        try checkIsLeased(slot)
        let duration = request.integer(.lease) ?? queue.settings.lease
        plan.changes.append(.extended(message: slot, until: now.monotonic + duration))
        reply.append(",\"lease_until\":")
        reply.append(integer: now.wall + duration)
    }

    func reject(_ request: Request, _ session: Session) throws(Failure) {
        let queue = try existingQueue(request)
        let slot = try settled(request, in: queue, session)
        try checkIsLeased(slot)
        planDeath(of: slot, .rejected, reason: request.string(.reason) ?? "rejected", by: session.index)
    }

    // MARK: Which message

    /// The message that the request's `id` or `receipt` names and that this connection may settle.
    @inline(__always)
    private func settled(_ request: Request, in queue: Queue, _ session: Session) throws(Failure) -> UInt32 {
        if let receipt = request.text(.receipt) { return try message(underReceipt: receipt, in: queue) }
        guard let id = request.integer(.id) else { throw Failure(.badRequest, "`id` or `receipt` is missing") }
        return try message(id, in: queue, session, request.operation, force: request.flag(.force))
    }

    private func message(
        underReceipt receipt: UnsafeRawBufferPointer,
        in queue: Queue
    ) throws(Failure) -> UInt32 {
        let slot = message(ofReceipt: receipt, in: queue)
        guard slot != 0, plan.fates.isEmpty || plan.fates[slot] == nil else {
            throw Failure(.leaseLost, "the lease of this receipt has ended")
        }
        return slot
    }

    @inline(__always)
    private func message(
        _ id: Int,
        in queue: Queue,
        _ session: Session,
        _ operation: Operation,
        force: Bool
    ) throws(Failure) -> UInt32 {
        let slot = queue.ids.slot(of: id)
        let fate = plan.fates.isEmpty || slot == 0 ? nil : plan.fates[slot]
        if slot == 0 || fate.map({ $0.isGone }) ?? false {
            throw Failure(.noMessage, "there is no message \(id) in \(queue.name)")
        }
        if force { return slot }
        guard store[slot].state == .leased, fate == nil,
            leases[store[slot].place].session == session.index
        else { throw refuseUnleased(slot, fate, operation) }
        return slot
    }

    /// The message is not leased by this connection: says who has it, and what the operation allows to do about it.
    @inline(never)
    private func refuseUnleased(_ slot: UInt32, _ fate: Plan.Fate?, _ operation: Operation) -> Failure {
        let takesForce = OperationTable[operation].rule(of: .force) != nil
        let id = store[slot].id
        let state = fate?.state ?? store[slot].state
        guard fate == nil, state == .leased else {
            let advice = "receive it first\(takesForce ? ", or give `force`" : "")"
            return Failure(.notLeased, "message \(id) is \(state.name): \(advice)")
        }
        let advice = "give its `receipt`\(takesForce ? ", or `force`" : "")"
        return Failure(.notLeased, "message \(id) is leased by another connection: \(advice)")
    }

    private func checkIsLeased(_ slot: UInt32) throws(Failure) {
        guard store[slot].state == .leased else {
            throw Failure(.notLeased, "message \(store[slot].id) is \(store[slot].state.name)")
        }
    }
}
