import MartletProtocol

// Recovery: the records of the journal are read as the changes that they were, and applied as they were. So a broker
// that is recovered cannot differ from one that has lived through them.
//
//     broker.beginReplay(firstSegment: 12)
//     try broker.replay(entry, segment: 12)          // for all entries, in order
//     broker.endReplay(now: now, grace: 5_000)
//
// Meanwhile the monotonic clock is the wall clock of the records: only at the end is it known how the two relate.
extension Broker {
    /// What is needed while a journal is read.
    struct Replay {
        /// The index of the queue of a number.
        var indices: [UInt32: UInt32] = [:]
        /// The queue named last: records for one queue come in runs.
        var recentNumber: UInt32 = 0
        var recentIndex: UInt32 = 0
        /// The instant of the entry that was read last, in Unix milliseconds; not the highest, since the clock may have
        /// been ahead once.
        var lastWall = 0
        /// Records that did not fit what was known: there are none unless a repair has lost what stood between.
        var misfits = 0
        /// Queues that were named and not stated: as long as the journal is being cut, it can begin with entries that
        /// were recorded for the segment before. They are stated later, unless that was lost.
        var unstated: Set<UInt32> = []
        /// The body of the message sent last in this entry.
        var lastBody = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// The broker must be new. From now on it knows for each message which segment of the journal it can be recovered
    /// from.
    package func beginReplay(firstSegment: UInt32) {
        isReplaying = true
        isJournaled = true
        segments = SegmentLedger(first: firstSegment)
        replay = Replay()
    }

    /// Makes true what an entry says.
    /// - Parameter entry: its payload, whose checksum is right.
    package func replay(_ entry: UnsafeRawBufferPointer, segment: UInt32) throws(RecordDefect) {
        segments.advance(to: segment)
        segments.write(entry.count + 8)
        var reader = RecordReader(entry)
        let wall = try reader.number(Int.self)
        now = Now(wall: wall, monotonic: wall)
        replay.lastWall = wall
        replay.lastBody = UnsafeRawBufferPointer(start: nil, count: 0)
        while !reader.isAtEnd {
            try replayRecord(&reader)
            if !plan.isEmpty || plan.text.count > 0 { plan.removeAll() }
        }
    }

    private func replayRecord(_ reader: inout RecordReader) throws(RecordDefect) {
        let kind = try reader.kind()
        switch kind {
        case .sent, .sentAgain: try replaySent(kind, &reader)
        case .leased, .extended, .returned, .readied, .redriven, .removed: try replayStep(kind, &reader)
        case .died, .deadLettered, .moved: try replayParting(kind, &reader)
        case .messageStated: try replayStated(&reader)
        case .dedupStated: try replayDedup(&reader)
        case .ended: try replayEnded(&reader)
        case .queueStated: try replayQueue(&reader)
        case .dropped: try replayDropped(&reader)
        case .bound, .unbound: try replayBinding(kind, &reader)
        case .brokerStated:
            lastSerial = max(lastSerial, try reader.number(UInt64.self))
            queues.raiseLastNumber(to: try reader.number(UInt32.self))
        }
    }

    // MARK: Who is meant

    /// The queue of the number that comes next; nil if it is not known here.
    private func queue(_ reader: inout RecordReader) throws(RecordDefect) -> Queue? {
        let number = try reader.number(UInt32.self)
        if number != replay.recentNumber {
            guard let index = replay.indices[number] else { return nil }
            (replay.recentNumber, replay.recentIndex) = (number, index)
        }
        guard let queue = queues[replay.recentIndex] else { return nil }
        // The entry was too large for the segment that it was recorded for, and the queue is stated there.
        if queue.statedIn != segments.current { segments.noteDependent(segments.current) }
        return queue
    }

    /// The queue of a record of the kinds that bring something new. It was stated before, unless that was lost: then it
    /// gets a name that says so, until it is stated again.
    private func knownQueue(_ reader: inout RecordReader) throws(RecordDefect) -> Queue {
        var head = reader
        if let queue = try queue(&reader) { return queue }
        let number = try head.number(UInt32.self)
        replay.unstated.insert(number)
        let queue = queues.insert(
            freeName("recovered.\(number)"),
            number: number,
            settings: QueueSettings(),
            isAutoCreated: false,
            now: now.monotonic
        )
        replay.indices[number] = queue.index
        return queue
    }

    private func freeName(_ name: String) -> String {
        queues.find(name) == nil ? name : freeName(name + "x")
    }

    /// The message named next; 0 if it is not there (any more, or yet).
    private func message(_ reader: inout RecordReader) throws(RecordDefect) -> UInt32 {
        let queue = try queue(&reader)
        let id = try reader.number(Int.self)
        return queue?.ids.slot(of: id) ?? 0
    }

    // MARK: Messages

    private func replaySent(_ kind: RecordKind, _ reader: inout RecordReader) throws(RecordDefect) {
        let queue = try knownQueue(&reader)
        let id = try reader.number(Int.self)
        let priority = try reader.number(UInt8.self)
        let flags = SentFlags(rawValue: try reader.number(UInt8.self))
        guard priority < 10, id > 0 else { throw RecordDefect("a message \(id) is sent of priority \(priority)") }
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        let readyAt = flags.contains(.readyAt) ? try reader.number(Int.self) : 0
        let expiresAt = flags.contains(.expiresAt) ? try reader.number(Int.self) : 0
        let members = flags.contains(.members) ? addText(try reader.bytes()) : Change.TextRange()
        let group = flags.contains(.group) ? try reader.bytes() : none
        let dedup = flags.contains(.dedup) ? try reader.bytes() : none
        if kind == .sent { replay.lastBody = try reader.bytes() }
        guard queue.ids.slot(of: id) == 0 else { return noteMisfit() }
        apply(
            .sent(
                Change.NewMessage(
                    queue: queue.index,
                    id: id,
                    priority: priority,
                    readyAt: readyAt,
                    expiresAt: expiresAt,
                    body: replay.lastBody,
                    members: members,
                    group: group,
                    dedup: dedup,
                    dedupHash: dedup.count > 0 ? keyHash(dedup) : 0
                )
            )
        )
    }

    /// Puts a text where changes have theirs.
    private func addText(_ bytes: UnsafeRawBufferPointer) -> Change.TextRange {
        let start = plan.text.count
        plan.text.append(bytes)
        return Change.TextRange(offset: start, count: bytes.count)
    }

    private func replayStep(_ kind: RecordKind, _ reader: inout RecordReader) throws(RecordDefect) {
        let slot = try message(&reader)
        var change: Change
        switch kind {
        case .leased:
            let serial = try reader.number(UInt64.self)
            let until = try reader.number(Int.self)
            let keep = try reader.number(UInt8.self) != 0
            lastSerial = max(lastSerial, serial)
            change = .leased(message: slot, serial: serial, until: until, session: 0, consumer: 0, keep: keep)
        case .extended: change = .extended(message: slot, until: try reader.number(Int.self))
        case .returned:
            let readyAt = try reader.number(Int.self)
            change = .returned(message: slot, readyAt: readyAt, counts: try reader.number(UInt8.self) != 0)
        case .readied: change = .readied(message: slot)
        case .redriven: change = .redriven(message: slot)
        default: change = .removed(message: slot, .deleted, by: 0)
        }
        guard slot != 0 else { return }
        // One that was stated when its delay was over, and nobody had looked yet, is ready as soon as it is read.
        if kind == .readied, store[slot].state == .ready { return }
        if fits(kind, store[slot]) { apply(change) } else { noteMisfit() }
    }

    private func noteMisfit() { replay.misfits += 1 }

    /// What cannot come to a message in its state would break the core.
    private func fits(_ kind: RecordKind, _ message: Message) -> Bool {
        switch kind {
        case .leased: message.state == .ready
        case .extended, .returned: message.state == .leased
        case .readied: message.state == .delayed
        case .redriven, .moved: message.state == .dead
        default: true
        }
    }

    private func replayParting(_ kind: RecordKind, _ reader: inout RecordReader) throws(RecordDefect) {
        let slot = try message(&reader)
        guard kind != .died else {
            let death = try death(&reader)
            if slot != 0 { apply(.died(message: slot, death)) }
            return
        }
        // Who is there must go, even to where nothing is known of yet.
        let target = slot == 0 ? try queue(&reader) : try knownQueue(&reader)
        let id = try reader.number(Int.self)
        var cause = Change.Death.Cause.rejected
        if kind == .deadLettered { cause = try deathCause(&reader) }
        let expiresAt = try reader.number(Int.self)
        let origin = kind == .deadLettered ? addText(try reader.bytes()) : Change.TextRange()
        // What has gone from its queue has taken its new id with it.
        target?.raiseLastID(to: id)
        guard slot != 0 else { return }
        guard let target, target.ids.slot(of: id) == 0, fits(kind, store[slot]) else { return noteMisfit() }
        if kind == .deadLettered {
            let death = Change.Death(cause: cause, origin: origin, session: 0)
            applyDeadLettered(slot, to: target.index, id: id, death, expiresAt: expiresAt)
        } else {
            applyMoved(slot, to: target.index, id: id, expiresAt: expiresAt)
        }
    }

    private func death(_ reader: inout RecordReader) throws(RecordDefect) -> Change.Death {
        let cause = try deathCause(&reader)
        return Change.Death(cause: cause, origin: addText(try reader.bytes()), session: 0)
    }

    private func deathCause(_ reader: inout RecordReader) throws(RecordDefect) -> Change.Death.Cause {
        let code = try reader.number(UInt8.self)
        guard let cause = Change.Death.Cause(rawValue: code) else { throw RecordDefect("a death of unknown cause") }
        return cause
    }

    // MARK: What is stated

    private func replayStated(_ reader: inout RecordReader) throws(RecordDefect) {
        let queue = try knownQueue(&reader)
        let stated = try StatedMessage(&reader)
        // The older records were not cut: they tell the same.
        let known = queue.ids.slot(of: stated.id)
        if known != 0 { withdraw(known, from: queue) }
        place(stated, in: queue)
    }

    private func replayDedup(_ reader: inout RecordReader) throws(RecordDefect) {
        let queue = try knownQueue(&reader)
        let id = try reader.number(Int.self)
        let seenAt = try reader.number(Int.self)
        queue.dedup.collect(try reader.text(), id: id, seenAt: seenAt, segment: segments.current)
    }

    private func replayEnded(_ reader: inout RecordReader) throws(RecordDefect) {
        let queue = try knownQueue(&reader)
        let id = try reader.number(Int.self)
        let sentAt = try reader.number(Int.self)
        let endedAt = try reader.number(Int.self)
        guard let outcome = HistoryRecord.Outcome(code: try reader.number(UInt8.self)) else {
            throw RecordDefect("a message has ended in an unknown way")
        }
        let attempts = Int(try reader.number(UInt32.self))
        let number = try reader.number(Int.self)
        let producer = try reader.text()
        let ended = HistoryRecord(
            id: id,
            producer: producer,
            consumer: try reader.text(),
            sentAt: sentAt,
            endedAt: endedAt,
            outcome: outcome,
            attempts: attempts,
            number: number,
            segment: segments.current
        )
        queue.history.collect(ended, keeping: queue.settings.history)
    }

    // MARK: Queues

    private func replayQueue(_ reader: inout RecordReader) throws(RecordDefect) {
        let number = try reader.number(UInt32.self)
        let flags = QueueFlags(rawValue: try reader.number(UInt8.self))
        let lastID = try reader.number(Int.self)
        let name = try reader.text()
        let settings = try reader.settings()
        replay.unstated.remove(number)
        let queue: Queue
        if let index = replay.indices[number], let known = queues[index] {
            queue = known
            if queue.name != name { queues.rename(queue, to: freeName(name)) }
        } else {
            let isAutoCreated = flags.contains(.autoCreated)
            queue = queues.insert(
                freeName(name),
                number: number,
                settings: settings,
                isAutoCreated: isAutoCreated,
                now: now.monotonic
            )
            replay.indices[number] = queue.index
        }
        queue.isAutoCreated = flags.contains(.autoCreated)
        queue.sendIsPaused = flags.contains(.sendIsPaused)
        queue.receiveIsPaused = flags.contains(.receiveIsPaused)
        queue.statedIn = segments.current
        queue.raiseLastID(to: lastID)
        // What had to go when fewer were kept does not come back when more are.
        if queue.history.count > 0 { queue.history.settle(keeping: queue.settings.history) }
        change(queue, to: settings)
    }

    private func replayDropped(_ reader: inout RecordReader) throws(RecordDefect) {
        guard let queue = try queue(&reader) else { return }
        replay.indices[queue.number] = nil
        replay.unstated.remove(queue.number)
        replay.recentNumber = 0
        apply(.dropped(queue: queue.index))
    }

    private func replayBinding(_ kind: RecordKind, _ reader: inout RecordReader) throws(RecordDefect) {
        let queue = try knownQueue(&reader)
        let pattern = try reader.text()
        if kind == .bound { bindings.insert(pattern, queue.index) } else { bindings.remove(pattern, queue.index) }
        if queue.boundFrom == 0 { queue.boundFrom = segments.current }
    }
}

// MARK: The end

extension Broker {
    /// All entries have been read: the broker goes on from here.
    ///
    /// Leases go on running, with their receipts, also those of connections that are gone, for `grace` milliseconds at
    /// most. Totals begin at nothing. Nothing of what waits for an instant comes earlier because the wall clock was
    /// turned back meanwhile, nor because it was ahead before and was set right under the running broker.
    @discardableResult
    package func endReplay(now: Now, grace: Int) -> ReplayLosses {
        let losses = ReplayLosses(misfits: replay.misfits, renamedQueues: unstatedQueues)
        // Time stood still while the broker did, if the clock says that it ran backwards.
        let offset = now.monotonic - max(now.wall, replay.lastWall)
        self.now = now
        deadlines.shift(by: offset)
        (dedupEntries, historyBytes) = (0, 0)
        for queue in queues.withHidden {
            queue.lastUsed += offset
            queue.forgetFigures()
            queue.dedup.settle(movedBy: offset)
            queue.history.settle(keeping: queue.settings.history)
            dedupEntries += queue.dedup.count
            historyBytes += queue.history.statedBytes
        }
        retired = QueueCounters()
        replay = Replay()
        isReplaying = false
        hasRecovered = true
        for queue in queues.all {
            for slot in queue.messages(.leased, atMost: .max, in: store) where !leases[store[slot].place].keep {
                limitLease(of: slot, until: now.monotonic + grace)
            }
        }
        return losses
    }

    /// Names of the queues that nothing has stated, in order.
    private var unstatedQueues: [String] {
        replay.unstated.compactMap { number in replay.indices[number].flatMap { queues[$0]?.name } }.sorted()
    }

    private func limitLease(of slot: UInt32, until instant: Int) {
        if deadlines.deadline(of: store[slot].timer) > instant { setDeadline(of: slot, instant) }
    }

    /// Queues that were to go with their connections go with the first `advance` that finds room for it in the journal.
    /// To be called once changes are recorded again.
    package func dropTemporaryQueues() {
        let orphans = queues.all.filter(\.settings.temporary)
        if !orphans.isEmpty { jobs.append(Job(dropping: orphans)) }
    }
}
