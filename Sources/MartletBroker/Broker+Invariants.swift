#if DEBUG
// The audit of the whole core, for simulations: what each structure says must be what the others say.
extension Broker {
    /// What is not as it must be between two calls; nil if all is well. It looks at everything, and release builds do
    /// not contain it.
    package var firstBrokenInvariant: String? {
        var audit = Audit()
        auditPlan(&audit)
        auditMessages(&audit)
        auditLeases(&audit)
        auditConsumers(&audit)
        auditDeadlines(&audit)
        auditSegments(&audit)
        return audit.firstBroken
    }

    /// Collects what is wrong; the first finding counts.
    struct Audit {
        private(set) var firstBroken: String?

        mutating func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
            if !holds, firstBroken == nil { firstBroken = sentence() }
        }
    }

    /// All queues, also those dropped ones whose messages are still being freed.
    private var allQueues: [Queue] { queues.withHidden }

    // MARK: Between two calls nothing is under way

    private func auditPlan(_ audit: inout Audit) {
        audit.expect(plan.isEmpty && plan.queues.isEmpty && plan.created.isEmpty, "no plan is left")
        audit.expect(!plan.isCompound && plan.fates.isEmpty && plan.dedup.isEmpty, "no plan's notes are left")
        audit.expect(touched.isEmpty, "all touched queues have been dispatched")
        for queue in allQueues {
            audit.expect(!queue.isTouched || unserved.contains(queue.index), "\(queue.name) waits if it is touched")
            audit.expect(queue.planned == PlannedMessages(), "nothing is planned for \(queue.name)")
        }
        let keys = allQueues.reduce(0) { $0 + $1.dedup.count }
        audit.expect(keys == dedupEntries, "\(keys) dedup keys, but \(dedupEntries) are counted")
        let history = allQueues.reduce(0) { $0 + $1.history.statedBytes }
        audit.expect(history == historyBytes, "\(history) bytes of histories, but \(historyBytes) are counted")
        let bound = queues.all.reduce(0) { $0 + bindings.patterns(of: $1.index).reduce(0) { $0 + $1.utf8.count } }
        audit.expect(bound == bindings.bytes, "\(bound) bytes of bindings, but \(bindings.bytes) are counted")
    }

    /// The ledger counts each message in the segment that it names.
    private func auditSegments(_ audit: inout Audit) {
        guard isJournaled else { return }
        var counts: [UInt32: Int] = [:]
        for queue in allQueues {
            for state in Message.State.allCases {
                for slot in queue.messages(state, atMost: .max, in: store) {
                    counts[segments.segment(of: store[slot].segment), default: 0] += 1
                }
            }
        }
        for segment in segments.first...segments.current {
            let counted = segments.messages(in: segment)
            audit.expect(counts[segment, default: 0] == counted, "segment \(segment) counts \(counted) messages")
        }
    }

    // MARK: Messages

    private func auditMessages(_ audit: inout Audit) {
        var count = 0
        var stored = 0
        for queue in allQueues {
            let slots = auditPlaces(in: queue, &audit)
            count += slots.count
            var bytes = 0
            for slot in slots { bytes += store.payload(of: slot).count }
            audit.expect(bytes == queue.bytes, "\(queue.name) has \(bytes) bytes, but counts \(queue.bytes)")
            stored += bytes + slots.count * 8
            auditGroups(of: queue, slots, &audit)
            queue.readyMessages.checkInvariants(in: store.records)
        }
        audit.expect(count == store.records.count, "\(store.records.count) records for \(count) messages")
        audit.expect(stored == store.payloads.liveBytes, "\(store.payloads.liveBytes) live bytes, not \(stored)")
        if let broken = store.payloads.firstBrokenInvariant { audit.expect(false, broken) }
    }

    /// Each message stands in exactly one place, the one that its state says. Returns them all.
    private func auditPlaces(in queue: Queue, _ audit: inout Audit) -> Set<UInt32> {
        var seen: Set<UInt32> = []
        var (dead, leased) = (0, 0)
        for state in Message.State.allCases {
            let slots = queue.messages(state, atMost: .max, in: store)
            audit.expect(slots.count == queue.count(state), "\(queue.name) has \(slots.count) \(state.name) messages")
            for slot in slots {
                let message = store[slot]
                audit.expect(seen.insert(slot).inserted, "\(queue.name) \(message.id) stands in one place")
                audit.expect(message.state == state, "\(queue.name) \(message.id) stands where its state says")
                audit.expect(message.queue == queue.index, "\(message.id) knows its queue")
                audit.expect(queue.ids.slot(of: message.id) == slot, "\(queue.name) \(message.id) is found by its id")
                audit.expect(message.id <= queue.lastID, "ids up to the last one have been given out")
                if state == .dead { dead += store.payload(of: slot).count }
                if state == .leased { leased += store.payload(of: slot).count }
            }
        }
        audit.expect(queue.bytes - queue.limitedBytes == dead, "\(queue.name) counts its dead bytes")
        audit.expect(queue.leasedBytes ?? leased == leased, "\(queue.name) counts its leased bytes")
        // A look at each id would take long where very many have been given out.
        if queue.lastID < 10_000 {
            var found = 0
            for id in stride(from: 1, through: queue.lastID, by: 1) where queue.ids.slot(of: id) != 0 { found += 1 }
            audit.expect(found == seen.count, "\(queue.name) finds \(found) ids of \(seen.count)")
        }
        return seen
    }

    /// Of each group only the first undelivered message is offered, and only if not too many are leased.
    private func auditGroups(of queue: Queue, _ slots: Set<UInt32>, _ audit: inout Audit) {
        var members: [UInt32: [UInt32]] = [:]
        for slot in slots where store[slot].group != 0 { members[store[slot].group, default: []].append(slot) }
        audit.expect(members.count == queue.groups.count, "\(queue.name) has \(members.count) groups")
        for (number, slots) in members {
            let group = queue.groups[number]
            var leased = 0
            for slot in slots where store[slot].state == .leased { leased += 1 }
            audit.expect(group.members == slots.count, "group \(group.name) counts its members")
            audit.expect(group.leased == leased, "group \(group.name) counts its leased messages")
            let waiting = slots.filter { store[$0].state == .ready || store[$0].state == .delayed }
            let inOrder = waiting.sorted { store[$0].id < store[$1].id }
            var offered: UInt32 = 0
            if let first = inOrder.first, store[first].state == .ready, leased < queue.settings.groupConcurrency {
                offered = first
            }
            audit.expect(group.offered == offered, "group \(group.name) offers its first message, or none")
            group.waiting.checkInvariants(in: store.records)
            audit.expect(
                group.waiting.prefix(.max, in: store.records) == inOrder.filter { $0 != offered },
                "the others of group \(group.name) wait in order"
            )
        }
    }

    // MARK: Leases

    private func auditLeases(_ audit: inout Audit) {
        var held: Set<UInt32> = []
        for session in sessions.all {
            var lease = session.firstLease
            var previous: UInt32 = 0
            while lease != 0 {
                audit.expect(leases[lease].session == session.index, "a lease is its session's")
                audit.expect(leases[lease].previous == previous, "leases are linked both ways")
                held.insert(lease)
                (previous, lease) = (lease, leases[lease].next)
            }
            audit.expect(session.lastLease == previous, "a session knows its oldest lease")
        }
        var count = 0
        for queue in allQueues {
            for slot in queue.messages(.leased, atMost: .max, in: store) {
                let place = store[slot].place
                count += 1
                audit.expect(leases[place].message == slot, "\(queue.name) \(store[slot].id) knows its lease")
                let isHeld = leases[place].session != 0
                audit.expect(isHeld == held.contains(place), "a lease stands with its session")
                let mayOutlive = leases[place].keep || hasRecovered || isDraining
                audit.expect(isHeld || mayOutlive, "only a lease with keep outlives its connection")
                let consumer = leases[place].consumer
                let isOfGone = sessions[leases[place].session]?.isGone ?? false
                audit.expect(
                    consumer == 0 || isOfGone || consumers[consumer].session == leases[place].session,
                    "a lease uses the credit of a subscription of its session"
                )
            }
        }
        audit.expect(count == leases.count, "\(leases.count) leases for \(count) leased messages")
    }

    // MARK: Consumers

    private func auditConsumers(_ audit: inout Audit) {
        var (count, claimCount, waiting) = (0, 0, 0)
        var claimed: [UInt32: (all: Int, inLine: Set<UInt32>)] = [:]
        for session in sessions.all {
            var subscriptions = 0
            for slot in consumers(of: session) {
                count += 1
                if consumers[slot].kind == .receive { waiting += 1 } else { subscriptions += 1 }
                audit.expect(consumers[slot].credit >= 0, "credit is not overdrawn")
                let shouldStand = consumers[slot].isHungry && !session.isCongested && !isOver(slot)
                var claim = consumers[slot].firstClaim
                while claim != 0 {
                    claimCount += 1
                    audit.expect(claims[claim].consumer == slot, "a claim is its consumer's")
                    // Who has ended leaves the lines by and by.
                    let standsAsItShould = claims[claim].isInLine == shouldStand || isOver(slot) && !ended.isEmpty
                    audit.expect(standsAsItShould, "who could take a message stands in line")
                    claimed[claims[claim].queue, default: (0, [])].all += 1
                    if claims[claim].isInLine { claimed[claims[claim].queue]?.inLine.insert(claim) }
                    claim = claims[claim].sibling
                }
            }
            audit.expect(session.subscriptionCount == subscriptions, "a session counts its subscriptions")
        }
        audit.expect(count == consumers.count, "\(consumers.count) consumers, \(count) with a session")
        audit.expect(claimCount == claims.count, "\(claims.count) claims, \(claimCount) with a consumer")
        audit.expect(waiting == waitingReceivers, "\(waiting) receives wait, \(waitingReceivers) are counted")
        for queue in allQueues { auditLine(of: queue, claimed[queue.index] ?? (0, []), &audit) }
    }

    private func auditLine(of queue: Queue, _ claimed: (all: Int, inLine: Set<UInt32>), _ audit: inout Audit) {
        audit.expect(queue.consumers == claimed.all, "\(queue.name) counts its consumers")
        var line: Set<UInt32> = []
        var claim = queue.line.first
        while claim != 0, line.insert(claim).inserted { claim = claims[claim].next }
        audit.expect(line == claimed.inLine, "\(queue.name) has in line who says so")
        let mayLeave = !line.isEmpty && !queue.receiveIsPaused && queue.settings.rate == 0
        audit.expect(!mayLeave || queue.readyMessages.isEmpty, "\(queue.name) keeps no one waiting who could be served")
    }

    // MARK: Deadlines

    /// What waits for time has a deadline of its own, and nothing else has one.
    private func auditDeadlines(_ audit: inout Audit) {
        var handles: [UInt32] = []
        var waiting: [UInt32] = []
        for queue in allQueues {
            if queue.unusedTimer != 0 { handles.append(queue.unusedTimer) }
            if queue.rateTimer != 0 { waiting.append(queue.rateTimer) }
            for state in Message.State.allCases {
                for slot in queue.messages(state, atMost: .max, in: store) {
                    let needs = state != .dead && (state != .ready || store.expiresAt(of: slot) != 0)
                    let timer = store[slot].timer
                    audit.expect((timer != 0) == needs, "\(queue.name) \(store[slot].id) waits for time if it must")
                    if timer != 0 { handles.append(timer) }
                }
            }
        }
        for session in sessions.all {
            for slot in consumers(of: session) {
                let timer = consumers[slot].timer
                audit.expect((timer != 0) == (consumers[slot].kind == .receive), "a receive does not wait for ever")
                if timer != 0 { waiting.append(timer) }
            }
        }
        audit.expect(Set(handles).count == handles.count, "no two deadlines have the same handle")
        audit.expect(handles.count == deadlines.count, "\(deadlines.count) deadlines of \(handles.count)")
        deadlines.checkInvariants()
        audit.expect(Set(waiting).count == waiting.count, "no two wait by the same handle")
        audit.expect(waiting.count == timeouts.count, "\(timeouts.count) waits of \(waiting.count)")
        timeouts.checkInvariants()
    }
}
#endif
