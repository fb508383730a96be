import MartletProtocol

// Gathering what a reply tells of all queues.
extension Broker {
    /// What a slice may cost, where a queue costs 1, and more if its name is long to match or it has bindings.
    private static let slice = 4_000

    /// Gathers a slice. Returns whether everything is there.
    func gather(_ listing: inout Listing) -> Bool {
        // Elements are written where replies are, and taken out again.
        let start = reply.count
        var rest = Self.slice
        var isDone = true
        queues.byName.forEach(after: listing.last) { queue in
            guard rest > 0 else {
                isDone = false
                return false
            }
            rest -= 1
            listing.last = queue.name
            return gather(queue, &listing.subject, &rest)
        }
        listing.elements += reply.bytes(from: start)
        cancelReply(from: start)
        return isDone
    }

    /// Returns whether more queues are wanted.
    private func gather(_ queue: Queue, _ subject: inout Listing.Subject, _ rest: inout Int) -> Bool {
        switch subject {
        case .queues(let pattern, let wanted):
            if let pattern {
                rest -= queue.nameBytes.count * pattern.text.utf8.count / 256
                guard pattern.matches(queue.nameBytes) else { return true }
            }
            writeElement(of: queue)
            subject = .queues(match: pattern, rest: wanted - 1)
            return wanted > 1
        case .bindings:
            rest -= 4 * writeBindings(of: queue)
            return true
        case .totals(var totals):
            totals.add(queue, now: now.monotonic)
            subject = .totals(totals)
            return true
        }
    }

    private func writeElement(of queue: Queue) {
        reply.append(",{\"queue\":\"")
        queue.nameBytes.withUnsafeBytes { reply.append($0) }
        reply.append("\"")
        writeGauges(of: queue)
        reply.append("}")
    }

    /// Returns how many there are.
    @discardableResult
    func writeBindings(of queue: Queue) -> Int {
        let patterns = bindings.patterns(of: queue.index)
        for pattern in patterns {
            reply.append(",{\"queue\":\"")
            queue.nameBytes.withUnsafeBytes { reply.append($0) }
            reply.append("\",\"topic\":\"")
            reply.append(text: pattern)
            reply.append("\"}")
        }
        return patterns.count
    }

    /// The members of the reply, once everything is there.
    func write(_ listing: Listing) {
        switch listing.subject {
        case .queues: reply.append(",\"queues\":[")
        case .bindings: reply.append(",\"bindings\":[")
        case .totals(let totals): return write(totals)
        }
        listing.elements.dropFirst().withUnsafeBytes { reply.append($0) }
        reply.append("]")
    }
}

extension Listing.Totals {
    fileprivate mutating func add(_ queue: Queue, now: Int) {
        counters += queue.counters
        rates += queue.rates.rates(queue.counters, now: now)
        ready += queue.ready
        delayed += queue.delayed
        leased += queue.leased
        dead += queue.dead
        bytes += queue.bytes
    }
}
