import MartletProtocol

// What may still be recorded. A turn must fit into what is prepared or surely to be had, or it waits for space, and all
// replies with it. When there is no space for another segment, what is left is for settling messages, and a part of
// that for the records of a cut, which gives whole segments back.
extension Broker {
    /// How long an answer to `costOfAffordableCut` is taken for good, in milliseconds: keys are forgotten.
    private static let denial = 10_000

    /// About the bytes that a change takes at most that settles a message; and with how it ended for the history, where
    /// producer and consumer have names of 128 characters, each of them escaped.
    private static let (bytesOfChange, bytesOfChangeWithHistory) = (100, 1_700)

    /// Whether there is room for anything at all, besides what is kept for the next cut.
    @inline(__always)
    var hasRoom: Bool { freeRoom > JournalGauge.leastRoom(segmentSize: segmentSize) }

    /// A drop takes next to nothing and gives everything back, so it may take from what is kept for the cut.
    var hasRoomForDrop: Bool { freeRoom > 1_000 }

    /// Bytes that can be recorded yet in this turn, besides what is kept for the cut that is under way.
    private var freeRoom: Int { turnRoom - recorder.buffer.count }

    /// Asked for each message, so it is kept.
    func limitTurn() { turnRoom = min(journal.room - (restatement?.cost ?? 0), journal.roomAtOnce) }

    /// Refuses what would not be recorded; for a request that does one thing after the other.
    func checkHasRoom() throws(Failure) {
        if !hasRoom { throw noRoom }
    }

    var noRoom: Failure {
        guard case .full = journal.condition else { return tooMuchAtOnce }
        return Failure(.notDurable, "the journal has no space, not even for deletes: \(wayToSpace)")
    }

    /// Refuses a plan that is larger than what is left: its record would wait for space, and every reply behind it.
    func checkRoomForPlan() throws(Failure) {
        let bytes = plan.changes.count * (plan.hasHistory ? Self.bytesOfChangeWithHistory : Self.bytesOfChange)
        if plan.text.count + bytes + JournalGauge.leastRoom(segmentSize: segmentSize) > freeRoom {
            throw tooMuchAtOnce
        }
    }

    var tooMuchAtOnce: Failure {
        Failure(.notDurable, "the journal has no space for so much at once: \(wayToSpace)")
    }

    /// What helps a journal that is full.
    var wayToSpace: String {
        switch settings.durability {
        case .memory: "free memory, or let the service manager keep more descriptors (max_descriptors)"
        case .none, .disk: "make space on its disk"
        }
    }

    /// Bytes that can be recorded yet, in however many turns, by the cut too.
    private var roomLeft: Int { max(0, journal.room - recorder.buffer.count) }

    /// The bytes that it takes to cut dead segments although the journal is full, or nil if that cannot be afforded:
    /// what has to be stated anew must fit, and be less than the cut gives back. If that is no whole segment, it may be
    /// half of what is left at most.
    ///
    /// Asked in every turn, and looks at every key and record that is remembered only if the answer may be another one
    /// than before.
    func costOfAffordableCut(before target: UInt32) -> Int? {
        if let denied = deniedCut, denied.target == target, denied.room >= roomLeft, denied.until > now.monotonic {
            return nil
        }
        let cost = costOfCut(before: target)
        let freed = segments.bytes(before: target)
        let room = freed >= segmentSize ? roomLeft : roomLeft / 2
        let isAffordable = cost <= room && 2 * cost < freed
        deniedCut = isAffordable ? nil : (target, roomLeft, now.monotonic + Self.denial)
        return isAffordable ? cost : nil
    }

    /// About the bytes that are recorded before a cut before this segment, if no message is in what goes.
    private func costOfCut(before target: UInt32) -> Int {
        queues.all.reduce(64) { $0 + $1.costOfStating(before: target, patterns: bindings.patterns(of: $1.index)) }
    }
}

extension Queue {
    /// As `state(_:)`, `stateKeys` and `stateHistory` would record it.
    fileprivate func costOfStating(before target: UInt32, patterns: [String]) -> Int {
        let head = statedIn >= target ? 0 : 250 + name.utf8.count
        let bound = boundFrom >= target ? 0 : patterns.reduce(0) { $0 + $1.utf8.count + 9 }
        return head + bound + dedup.costOfStating(before: target)
            + history.costOfStating(before: target)
    }
}
