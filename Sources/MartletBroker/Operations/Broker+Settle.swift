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

    /// Deletes what it can, one after the other, and lists the rest. Inside an `atomic` a rest fails the whole.
    private func deleteMany(_ request: Request, _ queue: Queue, _ session: Session) throws(Failure) {
        var failures: ByteBuffer?
        var deleted = 0
        let force = request.flag(.force)
        for id in request.integers(.ids) {
            guard let code = try tryDelete(id, in: queue, session, force: force) else {
                deleted += 1
                continue
            }
            note(code, in: &failures) { failures in
                failures.append("{\"id\":")
                failures.append(integer: id)
            }
        }
        for receipt in request.texts(.receipts) {
            guard let code = try tryDelete(receipt, in: queue, session) else {
                deleted += 1
                continue
            }
            note(code, in: &failures) { failures in
                failures.append("{\"receipt\":")
                failures.append(quoted: receipt)
            }
        }
        reply.append(",\"deleted\":")
        reply.append(integer: deleted)
        guard let failures else { return }
        reply.append(",\"failed\":[")
        reply.append(failures.bytes)
        reply.append("]")
    }

    /// Adds an element to those of `failed`, which begins as `begin` writes it.
    private func note(_ code: ErrorCode, in failures: inout ByteBuffer?, _ begin: (inout ByteBuffer) -> Void) {
        var noted = failures.take() ?? ByteBuffer(capacity: 4096)
        if noted.count > 0 { noted.append(",") }
        begin(&noted)
        noted.append(",\"error\":\"")
        noted.append(text: code.rawValue)
        noted.append("\"}")
        failures = consume noted
    }

    /// Returns why one of many was not deleted. Only inside an `atomic` it must be said in words.
    @inline(__always)
    private func tryDelete(_ id: Int, in queue: Queue, _ session: Session, force: Bool) throws(Failure) -> ErrorCode? {
        guard hasRoom else { return try refuse(for: noRoom) }
        do throws(Refusal) {
            planDelete(try message(id, in: queue, session, force: force), session)
            return nil
        } catch {
            guard plan.isCompound else { return error.code }
            throw explain(error, id, in: queue, .delete)
        }
    }

    private func tryDelete(
        _ receipt: UnsafeRawBufferPointer,
        in queue: Queue,
        _ session: Session
    ) throws(Failure) -> ErrorCode? {
        guard hasRoom else { return try refuse(for: noRoom) }
        do throws(Failure) {
            planDelete(try message(underReceipt: receipt, in: queue), session)
            return nil
        } catch {
            return try refuse(for: error)
        }
    }

    private func refuse(for failure: Failure) throws(Failure) -> ErrorCode {
        if plan.isCompound { throw failure }
        return failure.code
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
            let sentence = "no lease in \(queue.name) has this receipt: it has ended, or is of another queue"
            throw Failure(.leaseLost, sentence)
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
        do throws(Refusal) {
            return try message(id, in: queue, session, force: force)
        } catch {
            throw explain(error, id, in: queue, operation)
        }
    }

    /// Why a message cannot be settled.
    private enum Refusal: Error {
        case gone
        /// Not by this connection.
        case notLeased(UInt32)

        var code: ErrorCode {
            switch self {
            case .gone: .noMessage
            case .notLeased: .notLeased
            }
        }
    }

    @inline(__always)
    private func message(_ id: Int, in queue: Queue, _ session: Session, force: Bool) throws(Refusal) -> UInt32 {
        let slot = queue.ids.slot(of: id)
        let fate = plan.fates.isEmpty || slot == 0 ? nil : plan.fates[slot]
        if slot == 0 || fate.map({ $0.isGone }) ?? false { throw .gone }
        if force { return slot }
        guard store[slot].state == .leased, fate == nil,
            leases[store[slot].place].session == session.index
        else { throw .notLeased(slot) }
        return slot
    }

    /// Says who has the message, and what the operation allows to do about it.
    @inline(never)
    private func explain(_ refusal: Refusal, _ id: Int, in queue: Queue, _ operation: Operation) -> Failure {
        guard case .notLeased(let slot) = refusal else {
            return Failure(.noMessage, "there is no message \(id) in \(queue.name)")
        }
        let takesForce = OperationTable[operation].rule(of: .force) != nil
        let fate = plan.fates[slot]
        let state = fate?.state ?? store[slot].state
        guard fate == nil, state == .leased else {
            let advice = advice(for: fate == nil ? slot : nil, state) + (takesForce ? ", or give `force`" : "")
            return Failure(.notLeased, "message \(id) is \(state.name)\(advice)")
        }
        let advice = "give its `receipt`\(takesForce ? ", or `force`" : "")"
        return Failure(.notLeased, "message \(id) is leased by another connection: \(advice)")
    }

    /// How to get at a message that nobody has leased.
    /// - Parameter slot: its place; nil if it is another part of the same request that changes its state.
    private func advice(for slot: UInt32?, _ state: Message.State) -> String {
        switch state {
        case .dead: ": `redrive` it first"
        case .delayed: (slot.map { " \(until($0))" } ?? "") + ": receive it then"
        case .ready, .leased: ": receive it first"
        }
    }

    private func checkIsLeased(_ slot: UInt32) throws(Failure) {
        guard store[slot].state == .leased else {
            throw Failure(.notLeased, "message \(store[slot].id) is \(store[slot].state.name)")
        }
    }
}
