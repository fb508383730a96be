import MartletProtocol

// Keeping the journal short. Segments whose messages are all gone are cut at once; when the journal is much larger than
// what is alive, the messages of the oldest segments are stated anew and then those are cut as well.
//
// It is done in slices, one at each `advance`. A slice states a little more than was recorded since the one before it,
// so that a restatement comes to its end however much is going on.
extension Broker {
    /// A slice states so many bytes, besides twice what was recorded since the last one, and looks at so many things.
    private static let restatedAtOnce = 64 << 10
    private static let looksAtOnce = 8_000
    /// However little room there is, a slice that was begun goes on.
    private static let leastSlice = 4 << 10
    /// Bytes in an entry of what is written all at once, about: it is lost or kept as a whole if the medium is bad.
    private static let statedTogether = 4 << 10

    /// Records changes from now on, into entries that the journal takes at the end of each turn.
    ///
    /// What there is must have come from the journal's own entries, or be nothing.
    /// - Parameters:
    ///   - segment: the one that the next entries go to.
    ///   - segmentSize: bytes in a segment, about: what is gone and takes less is not worth an effort.
    package func beginRecording(in segment: UInt32, segmentSize: Int) {
        if !isJournaled {
            isJournaled = true
            segments = SegmentLedger(first: segment)
        }
        self.segmentSize = segmentSize
        recorder.isOn = true
        heed(segment: segment)
    }

    /// Before a turn: how the journal stands, and where the turn's entries will go. Sees whether the journal is worth
    /// shortening.
    package func heed(segment: UInt32, _ report: JournalGauge) {
        journal = report
        turn += 1
        heed(segment: segment)
    }

    func heed(segment: UInt32) {
        isHeedDue = false
        if segment != segments.current { segments.advance(to: segment) }
        if journal.condition == .full || journal.roomForNew < 2 * segmentSize { return heedShort() }
        guard restatement == nil, segments.count > 1 else { return }
        guard bytesInVain == 0 || segments.bytes > bytesInVain + segmentSize else { return }
        let firstInUse = segments.firstInUse
        // What is remembered besides messages may stand there, and is stated anew: the rest must be worth that.
        if firstInUse > segments.first, segments.bytes(before: firstInUse) >= rememberedSize + rememberedSize / 2 {
            beginRestatement(before: firstInUse)
        } else if journal.condition == .ready, segments.bytes > 2 * statedSize + segmentSize {
            beginRestatement(before: segments.first + UInt32(max(1, (segments.count - 1) / 4)))
        }
    }

    /// Without space for the journal to grow, or with little, nothing is written but what surely makes some: dead
    /// segments go.
    private func heedShort() {
        if let current = restatement {
            if current.cost != nil { return }
            // What it has stated so far need not be stated again.
            restatement = nil
        }
        let target = segments.cut(notAfter: segments.firstInUse)
        guard target > segments.first, let cost = costOfAffordableCut(before: target) else { return }
        restatement = Restatement(target: target, bytesBefore: segments.bytes, cost: cost)
    }

    private func beginRestatement(before segment: UInt32) {
        let target = segments.cut(near: segment)
        guard target > segments.first else { return }
        restatement = Restatement(target: target, bytesBefore: segments.bytes)
    }

    /// After a turn: so many bytes of entries may have become part of a later segment than was thought, up to this one.
    /// Only what is large does: a journal goes on to its next segment before little room is left.
    ///
    /// They count for the segment that they were recorded for, as before: that is cut when all they say is over or
    /// stated anew, and what is left of them at the front of the next one is then without effect.
    package func noteOverflow(of bytes: Int, into segment: UInt32) {
        if bytes > segmentSize / 32 { segments.advance(to: segment) }
    }

    /// What was recorded in this turn: entries, back to back. Valid until `dropRecords`.
    package var records: UnsafeRawBufferPointer { recorder.buffer.bytes }
    /// Whether what was recorded in this turn includes anything that a reply promises.
    package var recordsPromise: Bool { recorder.promises }

    package func dropRecords() {
        segments.write(recorder.buffer.count)
        // What stating anew writes itself does not make it state more.
        recordedBytes = recorder.buffer.count - restatedBytes
        restatedBytes = 0
        // Where there is no space, what was recorded may have made some: that is seen to though nobody comes.
        isHeedDue = journal.condition == .full && recorder.buffer.count > 0
        recorder.removeAll()
    }

    /// The segment before which the journal may be cut, once everything recorded so far is durable; nil if there is
    /// nothing new to cut.
    package func takeCut() -> UInt32? {
        defer { pendingCut = nil }
        return pendingCut
    }

    /// About the size of a journal that held nothing but what is alive.
    package var statedSize: Int { store.payloads.liveBytes + 40 * store.records.count + rememberedSize }

    /// About the bytes of all that is stated anew besides messages.
    private var rememberedSize: Int {
        250 * queues.count + 20 * bindings.count + bindings.bytes + 80 * dedupEntries + historyBytes
    }

    // MARK: Everything

    /// States everything anew, for a journal that has none of it: one in another medium, or a dump.
    ///
    /// - Parameters:
    ///   - segment: the one that this journal's next entries go to.
    ///   - take: is handed an entry at a time, of some kilobytes if messages are small, and returns where the next one
    ///     goes.
    package func stateAll(in segment: UInt32, segmentSize: Int, take: (UnsafeRawBufferPointer) -> UInt32) {
        isJournaled = true
        self.segmentSize = segmentSize
        recorder.isOn = true
        // All of it is of a segment before the first.
        segments = SegmentLedger(first: segment - 1)
        for slot in 1..<max(1, store.records.limit) where store.isLive(slot) {
            store[slot].segment = segments.tag
            segments.add()
        }
        for queue in queues.withHidden { queue.forgetSegments() }
        segments.advance(to: segment)
        restatement = Restatement(target: segment, bytesBefore: .max / 2)
        while restatement != nil {
            continueRestatement(atMost: Self.statedTogether)
            let next = take(records)
            dropRecords()
            segments.advance(to: next)
        }
        pendingCut = nil
    }

    // MARK: Slices

    /// One slice of stating anew, if that is under way.
    /// - Parameter bytes: of what is stated, about, besides what keeps up with what is going on.
    func continueRestatement(atMost bytes: Int = restatedAtOnce) {
        guard var current = restatement, recorder.isOn else { return }
        let start = recorder.buffer.count
        defer { restatedBytes += recorder.buffer.count - start }
        let limit = start + sizeOfSlice(bytes)
        var looks = Self.looksAtOnce
        recorder.begin(at: now)
        if !current.queuesAreDone { stateQueues(&current, &looks, limit) }
        if current.queuesAreDone { stateMessages(&current, &looks, limit) }
        let isDone = current.queuesAreDone && looks > 0 && recorder.buffer.count < limit
        current.cost = current.cost.map { max(0, $0 - (recorder.buffer.count - start)) }
        if isDone { finish(current) } else { restatement = current }
        recorder.end()
    }

    /// A slice is one entry: it should not need a segment of its own, and a message may go beyond it. But where turns
    /// need one, it must keep up with them.
    private func sizeOfSlice(_ bytes: Int) -> Int {
        let most = max(segmentSize / 2, 2 * recordedBytes)
        return min(bytes + 2 * recordedBytes, most, max(Self.leastSlice, journal.roomAtOnce / 2), plan.maximumSize)
    }

    private func stateQueues(_ current: inout Restatement, _ looks: inout Int, _ limit: Int) {
        while current.queue < queues.indices.upperBound {
            guard looks > 0, recorder.buffer.count < limit else { return }
            looks -= 1
            guard let queue = queues[current.queue], !queue.isHidden else {
                current.place = Restatement.Place()
                current.queue += 1
                continue
            }
            if queue.statedIn < current.target { state(queue) }
            guard stateBindings(of: queue, &current, &looks), stateKeys(of: queue, &current, &looks),
                stateHistory(of: queue, &current, &looks)
            else { continue }
            current.place = Restatement.Place()
            current.queue += 1
        }
        current.queuesAreDone = true
    }

    /// States at most as many bindings as there are looks left; whether they were all. What is bound meanwhile is
    /// recorded anyway, what is unbound is not stated any more.
    private func stateBindings(of queue: Queue, _ current: inout Restatement, _ looks: inout Int) -> Bool {
        guard !current.place.areBindingsDone, queue.boundFrom < current.target else { return true }
        if current.place.boundFrom == 0 { current.place.boundFrom = segments.current }
        let rest = bindings.patterns(of: queue.index, after: current.place.pattern)
        let portion = rest.prefix(max(1, looks))
        for pattern in portion { record(.bound, pattern, of: queue) }
        looks -= portion.count
        current.place.pattern = portion.last
        guard portion.count == rest.count else { return false }
        queue.boundFrom = current.place.boundFrom
        current.place.areBindingsDone = true
        return true
    }

    /// States at most as many keys as there are looks left; whether they were all.
    private func stateKeys(of queue: Queue, _ current: inout Restatement, _ looks: inout Int) -> Bool {
        let start = current.place.dedup
        let isDone = queue.dedup.restate(
            from: &current.place.dedup,
            before: current.target,
            as: segments.current,
            atMost: max(1, looks)
        ) { key, id, seenAt in
            mention(queue)
            recorder.put(.dedupStated, queue: queue.number, id: id)
            recorder.put(wall(seenAt))
            recorder.put(text: key)
        }
        // What was forgotten was not looked at.
        looks -= min(current.place.dedup - start, max(1, looks))
        return isDone
    }

    private func stateHistory(of queue: Queue, _ current: inout Restatement, _ looks: inout Int) -> Bool {
        let start = current.place.history
        let isDone = queue.history.restate(
            from: &current.place.history,
            before: current.target,
            as: segments.current,
            atMost: max(1, looks)
        ) { record($0, in: queue) }
        looks -= min(current.place.history - start, max(1, looks))
        return isDone
    }

    private func stateMessages(_ current: inout Restatement, _ looks: inout Int, _ limit: Int) {
        guard segments.firstInUse < current.target else { return }
        while current.slot < store.records.limit {
            guard looks > 0, recorder.buffer.count < limit else { return }
            looks -= 1
            let slot = current.slot
            current.slot += 1
            guard store.isLive(slot), segments.segment(of: store[slot].segment) < current.target else { continue }
            let queue = queue(store[slot].queue)
            // What was dropped with its queue is on its way out.
            if !queue.isHidden { state(slot, in: queue) }
        }
    }

    /// The wall clock was set back under the running broker: an entry says so, or the next run would take what was
    /// recorded last for the time that it is at least.
    func noteClock() {
        guard recorder.isOn, now.wall < recorder.lastWall - Self.clockStep, hasRoom else { return }
        recorder.begin(at: now)
        stateBroker()
        recorder.end()
    }

    /// Milliseconds of a step of the clock that are worth an entry.
    private static let clockStep = 1_000

    private func stateBroker() {
        recorder.put(.brokerStated)
        recorder.put(lastSerial)
        recorder.put(queues.lastNumber)
    }

    private func finish(_ finished: Restatement) {
        restatement = nil
        stateBroker()
        let end = segments.cut(notAfter: min(finished.target, segments.firstInUse))
        if end > segments.first {
            segments.cut(before: end)
            pendingCut = end
        }
        // What did not make the journal shorter is not tried again before it has grown.
        let isInVain = segments.bytes + recorder.buffer.count > finished.bytesBefore - segmentSize / 2
        bytesInVain = isInVain ? segments.bytes + recorder.buffer.count : 0
    }
}
