import MartletProtocol

// `explain`: why nothing, or nothing more, is delivered from a queue right now.
extension Broker {
    func explain(_ request: Request) throws(Failure) {
        guard let name = request.text(.queue), let queue = queues.find(name) else {
            throw Failure(.noQueue, "there is no queue \(request.string(.queue) ?? "")")
        }
        reply.append(",\"reasons\":[")
        for (index, reason) in reasons(for: queue).enumerated() {
            reply.append(index == 0 ? "{\"code\":\"" : ",{\"code\":\"")
            reply.append(text: reason.code)
            reply.append("\",\"text\":")
            reply.append(quoted: reason.text)
            reply.append("}")
        }
        reply.append("]")
    }

    private struct Reason {
        let code: String
        let text: String

        init(_ code: String, _ text: String) {
            self.code = code
            self.text = text
        }
    }

    /// The reasons that hold now, the most telling first; none while messages flow.
    private func reasons(for queue: Queue) -> [Reason] {
        var reasons: [Reason] = []
        if queue.receiveIsPaused {
            reasons.append(Reason("paused", "the queue is paused for receiving: `resume` it"))
        }
        guard queue.limitedCount > 0 else {
            let dead = queue.dead > 0 ? "; \(count(queue.dead, "message")) dead: `redrive` or `purge`" : ""
            return reasons + [Reason("empty", "the queue holds no message that could be delivered\(dead)")]
        }
        if queue.readyMessages.isEmpty {
            reasons += withheld(in: queue)
        } else {
            if let reason = rateReason(for: queue) { reasons.append(reason) }
            reasons += consumerReasons(for: queue)
        }
        return reasons
    }

    /// Delayed messages, or groups, that are looked at for an answer.
    private static let looks = 100_000

    /// Why there are messages and none is ready to leave.
    private func withheld(in queue: Queue) -> [Reason] {
        var reasons: [Reason] = []
        if queue.ready > 0 { reasons.append(groupReason(for: queue)) }
        if queue.delayed > 0 { reasons.append(delayReason(for: queue)) }
        if queue.leased > 0, queue.ready == 0 { reasons.append(leaseReason(for: queue)) }
        return reasons
    }

    private func rateReason(for queue: Queue) -> Reason? {
        guard queue.settings.rate > 0, !withBucket(of: queue, { $0.hasToken(now: now.monotonic) }) else { return nil }
        let instant = withBucket(of: queue) { $0.nextToken(now: now.monotonic) }
        let isFar = instant - now.monotonic >= TokenBucket.longestWait
        return Reason(
            "rate",
            "\(queue.settings.rate) messages a second are allowed: "
                + "the next may leave in \(seconds(instant - now.monotonic)) s\(isFar ? " or later" : "")"
        )
    }

    private func groupReason(for queue: Queue) -> Reason {
        // Of very many groups it tells of some.
        let numbers = queue.groups.numbersInUse.prefix(Self.looks)
        let blocked = numbers.filter { !queue.groups[$0].waiting.isEmpty && queue.groups[$0].offered == 0 }.count
        let rest = queue.groups.count > Self.looks ? " and more" : ""
        var blocker = ""
        // The first lease that holds a group back stands for all.
        for slot in queue.messages(.leased, atMost: 1_000, in: store) where store[slot].group != 0 {
            let group = queue.groups[store[slot].group]
            guard !group.waiting.isEmpty else { continue }
            blocker = ", first `\(group.name)` by message \(store[slot].id), leased \(until(slot))"
            break
        }
        return Reason(
            "groups_blocked",
            "\(count(queue.ready, "ready message")) held back by what comes first in "
                + "\(blocked)\(rest) of the groups\(blocker)"
        )
    }

    private func delayReason(for queue: Queue) -> Reason {
        // A look at the first of them is enough for a person; the whole list could be long.
        let slots = queue.messages(.delayed, atMost: Self.looks, in: store)
        let instants = slots.map { (now.wall + deadlines.deadline(of: store[$0].timer) - now.monotonic, $0) }
        // Some may expire before they are ready: that is what they wait for then.
        let ready = instants.filter { store.expiresAt(of: $0.1) == 0 || $0.0 < store.expiresAt(of: $0.1) }
        let delayed = count(queue.delayed, "message") + " delayed"
        guard let soonest = ready.map(\.0).min() else {
            return Reason("delayed", "\(delayed) and will expire before")
        }
        // What is due may have to wait for room in the journal.
        let next = max(soonest, now.wall)
        let which = slots.count < queue.delayed ? "one of them" : "the next"
        return Reason("delayed", "\(delayed): \(which) is ready at \(next) (in \(seconds(next - now.wall)) s)")
    }

    private func leaseReason(for queue: Queue) -> Reason {
        let first = queue.messages(.leased, atMost: 1, in: store)[0]
        let session = sessions[leases[store[first].place].session]
        let holder = session.map { $0.quotedName.isEmpty ? "connection \($0.index)" : $0.quotedName }
        return Reason(
            "all_leased",
            "\(count(queue.leased, "message")) leased, the first (\(store[first].id)) "
                + "by \(holder ?? "a connection that is gone") \(until(first))"
        )
    }

    private func consumerReasons(for queue: Queue) -> [Reason] {
        if case .full = journal.condition, !hasRoom {
            return [Reason("journal_full", "the journal has no space, not even for leases: \(wayToSpace)")]
        }
        guard queue.line.isEmpty, !queue.receiveIsPaused else { return [] }
        guard queue.consumers > 0 else {
            return [Reason("no_consumers", "\(count(queue.ready, "message")) ready and nobody receives or subscribes")]
        }
        var (slow, spent) = (0, 0)
        for session in sessions.all where !session.hasEnded {
            for slot in consumers(of: session) where waits(slot, for: queue) {
                if session.isCongested { slow += 1 } else { spent += 1 }
            }
        }
        var reasons: [Reason] = []
        if slow > 0 { reasons.append(Reason("slow_consumer", "\(count(slow, "consumer")) not reading what was sent")) }
        if spent > 0 {
            reasons.append(
                Reason("credit_exhausted", "\(count(spent, "subscription")) out of credit: settle messages first")
            )
        }
        return reasons
    }

    private func waits(_ consumer: UInt32, for queue: Queue) -> Bool {
        var claim = consumers[consumer].firstClaim
        while claim != 0 {
            if claims[claim].queue == queue.index { return true }
            claim = claims[claim].sibling
        }
        return false
    }

    /// `1 message is`, `2 messages are`.
    private func count(_ number: Int, _ noun: String) -> String {
        number.counted(noun) + (number == 1 ? " is" : " are")
    }

    /// When the time of a message that waits for one, or is leased, has come.
    func until(_ slot: UInt32) -> String {
        // What is due may have to wait for room in the journal.
        let rest = max(0, deadlines.deadline(of: store[slot].timer) - now.monotonic)
        return "until \(now.wall + rest) (\(seconds(rest)) s more)"
    }

    private func seconds(_ milliseconds: Int) -> String {
        var buffer = ByteBuffer(capacity: 32)
        buffer.append(number: Double(milliseconds) / 1000)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }
}
