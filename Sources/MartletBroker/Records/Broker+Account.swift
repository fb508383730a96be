#if DEBUG
import MartletProtocol

// What a broker knows that must outlive it, line by line, so that a test can compare two of them.
extension Broker {
    /// Everything durable, in an order that does not depend on how the broker came to it. Instants are of the wall
    /// clock.
    package var account: [String] {
        var lines: [String] = []
        for queue in queues.all.sorted(by: { $0.number < $1.number }) {
            lines.append(head(of: queue))
            for pattern in bindings.patterns(of: queue.index) { lines.append("  bound to \(pattern)") }
            var slots: [UInt32] = []
            for state in Message.State.allCases { slots += queue.messages(state, atMost: .max, in: store) }
            for slot in slots.sorted(by: { store[$0].id < store[$1].id }) { lines.append(line(of: slot, in: queue)) }
            lines += queue.dedup.lines(offset: now.wall - now.monotonic)
            for ended in queue.history.inOrder {
                lines.append(
                    "  ended \(ended.id) \(ended.outcome) \(ended.sentAt)…\(ended.endedAt) \(ended.attempts) times "
                        + "\(ended.producer) \(ended.consumer)"
                )
            }
        }
        return lines
    }

    /// A queue's settings, as `declare` answers with them.
    func settingsText(of queue: Queue) -> String {
        var buffer = ByteBuffer()
        swap(&buffer, &reply)
        let start = reply.count
        reply.append(queue.settings)
        let settings = String(decoding: reply.bytes(from: start), as: UTF8.self)
        swap(&buffer, &reply)
        return settings
    }

    private func head(of queue: Queue) -> String {
        "queue \(queue.number) \(queue.name) up to \(queue.lastID), auto \(queue.isAutoCreated), "
            + "paused \(queue.sendIsPaused) \(queue.receiveIsPaused), \(settingsText(of: queue))"
    }

    private func line(of slot: UInt32, in queue: Queue) -> String {
        let message = store[slot]
        let deadline = message.timer == 0 ? "never" : "\(wall(deadlines.deadline(of: message.timer)))"
        var text = "  \(message.id) \(message.state) until \(deadline), sent \(message.sentAt), "
        text += "priority \(message.priority), \(message.attempts) attempts, "
        text += "group \(message.group == 0 ? "-" : queue.groups[message.group].name)"
        if message.state == .leased {
            let lease = leases[message.place]
            text += ", lease \(lease.serial) keep \(lease.keep)"
        }
        let payload = store.payload(of: slot).map { String($0, radix: 16) }.joined()
        return text + ", payload \(message.hasEnvelope) \(payload)"
    }
}

extension DedupTable {
    fileprivate func lines(offset: Int) -> [String] {
        sightings.map { "  key \($0.key) is \($0.id), seen \($0.seenAt + offset)" }.sorted()
    }
}
#endif
