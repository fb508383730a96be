import MartletProtocol

// `send`: one message, or a batch that is taken as a whole.
extension Broker {
    func send(_ request: Request, _ session: Session) throws(Failure) {
        guard let name = request.text(.queue) else { throw Failure(.badRequest, "`queue` is missing") }
        guard let queue = queues.locate(name) else { return try send(request, to: try queueForUse(name), session) }
        try queue.lend { queue throws(Failure) in
            queue.lastUsed = now.monotonic
            try send(request, to: queue, session)
        }
    }

    private func send(_ request: Request, to queue: Queue, _ session: Session) throws(Failure) {
        guard request.has(.messages) else {
            let sent = try planSend(request, to: queue, topic: nil, session)
            reply.append(",\"id\":")
            reply.append(integer: sent.id)
            if let state = sent.duplicateState {
                reply.append(",\"duplicate\":true,\"state\":\"")
                reply.append(text: state)
                reply.append("\"")
            }
            return
        }
        reply.append(",\"ids\":[")
        if !sendAtOnce(request.requests(.messages), to: queue, session) {
            try planSends(request.requests(.messages), to: queue, session)
        }
        reply.append("]")
    }

    private func planSends(_ messages: Request.Requests, to queue: Queue, _ session: Session) throws(Failure) {
        plan.isCompound = true
        var isFirst = true
        for (index, message) in messages.enumerated() {
            let sent: SendOutcome
            do throws(Failure) {
                sent = try planSend(message, to: queue, topic: nil, session)
            } catch {
                if error.code == .queueFull { try refuse(rest: messages.dropFirst(index), of: queue) }
                throw error
            }
            if !isFirst { reply.append(",") }
            reply.append(integer: sent.id)
            isFirst = false
        }
    }

    /// A batch is taken as a whole, so it is the whole that does not fit.
    private func refuse(rest: some Sequence<Request>, of queue: Queue) throws(Failure) {
        var (count, bytes) = (0, 0)
        for message in rest {
            count += 1
            bytes += message.json(.body)?.count ?? 0
        }
        try checkLimits(of: queue, messages: count, bytes: bytes)
    }

    /// Takes a batch of bodies without planning it, which is a third of the work: all that could fail is asked first.
    /// Returns false, and has done nothing, where there is more to decide, or something fails: `planSend` tells what.
    private func sendAtOnce(_ messages: Request.Requests, to queue: Queue, _ session: Session) -> Bool {
        guard !plan.isCompound, plan.isEmpty, session.quotedName.isEmpty, !queue.sendIsPaused, queue.settings.ttl == 0,
            queue.settings.overflow == .reject, (try? checkJournalTakesMore()) != nil
        else { return false }
        var bytes = 0
        for message in messages {
            guard message.hasOnly(.body, .body), let body = message.json(.body) else { return false }
            bytes += body.count
        }
        let count = messages.count
        guard fits(in: queue, messages: count, bytes: bytes),
            (try? checkMemory(adding: bytes + count * MessageStore.overhead)) != nil
        else { return false }
        // One entry of the journal, so that it is never half there.
        if recorder.isOn { recorder.begin(at: now) }
        commitSends(messages, to: queue)
        if recorder.isOn { recorder.end() }
        return true
    }

    @inline(__always)
    private func commitSends(_ messages: Request.Requests, to queue: Queue) {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        let first = queue.lastID + 1
        for message in messages {
            let id = queue.lastID + 1
            commit(
                .sent(
                    Change.NewMessage(
                        queue: queue.index,
                        id: id,
                        priority: Priority.ordinary,
                        readyAt: 0,
                        expiresAt: 0,
                        body: message.json(.body) ?? none,
                        members: Change.TextRange(),
                        group: none,
                        dedup: none
                    )
                )
            )
            if id != first { reply.append(",") }
            reply.append(integer: id)
        }
    }

    struct SendOutcome {
        var id: Int
        /// What became of the message that had the `dedup` key first; nil if this one was taken.
        var duplicateState: String?
    }

    /// Decides to take a message into a queue.
    func planSend(
        _ request: Request,
        to queue: Queue,
        topic: UnsafeRawBufferPointer?,
        _ session: Session
    ) throws(Failure) -> SendOutcome {
        guard !queue.sendIsPaused else { throw Failure(.paused, "\(queue.name) is paused for sending") }
        let dedupHash = request.text(.dedup).map { keyHash($0) } ?? 0
        if let duplicate = findDuplicate(of: request, dedupHash, in: queue) { return duplicate }
        try checkJournalTakesMore()
        guard let body = request.json(.body) else { throw Failure(.badRequest, "`body` is missing") }
        let members = writeMembers(of: request, topic: topic, session)
        let expiresAt = expiresAt(request, queue)
        let envelopeSize = members.count == 0 && expiresAt == 0 ? 0 : Envelope.size(hops: 0, text: members.count)
        let size = body.count + envelopeSize
        try checkLimits(of: queue, bytes: size)
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        let (group, dedup) = (request.text(.group) ?? none, request.text(.dedup) ?? none)
        let keys = group.count + dedup.count
        try checkMemory(adding: size + MessageStore.overhead, keys: keys)
        // With nothing before it and nothing behind it, a message need not wait in the plan.
        let isWholeRequest = !plan.isCompound && plan.isEmpty && queue.settings.overflow == .reject
        let id = isWholeRequest ? queue.lastID + 1 : planMessage(in: queue, bytes: size, keys: keys)
        let new = Change.NewMessage(
            queue: queue.index,
            id: id,
            priority: request.integer(.priority).map { UInt8($0) } ?? Priority.ordinary,
            readyAt: readyAt(request),
            expiresAt: expiresAt,
            body: body,
            members: members,
            group: group,
            dedup: dedup,
            dedupHash: dedupHash
        )
        if isWholeRequest, members.count == 0 {
            commit(.sent(new))
            return SendOutcome(id: id)
        }
        plan.changes.append(.sent(new))
        if members.count > 0 { try checkSizeOfEntry() }
        if plan.isCompound, request.has(.dedup) {
            noteDedup(of: new, queue)
        }
        planOverflow(of: queue)
        return SendOutcome(id: id)
    }

    private func readyAt(_ request: Request) -> Int {
        if let delay = request.integer(.delay) { return delay == 0 ? 0 : now.monotonic + delay }
        if let instant = request.integer(.at) { return instant <= now.wall ? 0 : now.monotonic + instant - now.wall }
        return 0
    }

    private func expiresAt(_ request: Request, _ queue: Queue) -> Int {
        let ttl = request.integer(.ttl) ?? queue.settings.ttl
        return ttl == 0 ? 0 : now.wall + ttl
    }

    // MARK: Duplicates

    @inline(__always)
    private func findDuplicate(of request: Request, _ hash: UInt32, in queue: Queue) -> SendOutcome? {
        request.has(.dedup) ? findSent(request, hash, in: queue) : nil
    }

    private func findSent(_ request: Request, _ hash: UInt32, in queue: Queue) -> SendOutcome? {
        guard let key = request.text(.dedup) else { return nil }
        if plan.isCompound, let first = plan.dedup.find(key, hash, in: queue.index) {
            return SendOutcome(id: first.id, duplicateState: first.state.name)
        }
        let window = queue.settings.dedupWindow
        guard let id = queue.dedup.id(of: key, hash, window: window, now: now.monotonic) else { return nil }
        let slot = queue.ids.slot(of: id)
        guard slot != 0 else { return SendOutcome(id: id, duplicateState: "gone") }
        switch plan.fates[slot] ?? .state(store[slot].state) {
        case .gone: return SendOutcome(id: id, duplicateState: "gone")
        case .state(let state): return SendOutcome(id: id, duplicateState: state.name)
        }
    }

    private func noteDedup(of new: Change.NewMessage, _ queue: Queue) {
        guard queue.settings.dedupWindow > 0 else { return }
        let state: Message.State = new.readyAt > now.monotonic ? .delayed : .ready
        plan.dedup.insert(
            PlannedKeys.Sighting(
                queue: queue.index,
                key: new.dedup,
                hash: new.dedupHash,
                id: new.id,
                state: state
            )
        )
    }

    // MARK: Members

    /// The members that every delivery of the message shows, as JSON text. `producer` is first: see
    /// `Envelope.producer`.
    @inline(__always)
    private func writeMembers(
        of request: Request,
        topic: UnsafeRawBufferPointer?,
        _ session: Session
    ) -> Change.TextRange {
        let hasName = !session.quotedName.isEmpty
        if topic == nil, !hasName, request.hasOnly(.queue, .body) { return Change.TextRange() }
        let start = plan.text.count
        if hasName {
            plan.text.append(",\"producer\":")
            plan.text.append(text: session.quotedName)
        }
        if let headers = request.json(.headers) {
            plan.text.append(",\"headers\":")
            plan.text.append(headers)
        }
        writeMember(",\"group\":", request.json(.group))
        if let topic {
            plan.text.append(",\"topic\":\"")
            plan.text.append(topic)
            plan.text.append("\"")
        }
        writeMember(",\"reply_to\":", request.json(.replyTo))
        writeMember(",\"correlation\":", request.json(.correlation))
        return Change.TextRange(offset: start, count: plan.text.count - start)
    }

    private func writeMember(_ key: StaticString, _ value: UnsafeRawBufferPointer?) {
        guard let value else { return }
        plan.text.append(key)
        plan.text.append(value)
    }
}
