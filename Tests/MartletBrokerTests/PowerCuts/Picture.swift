import MartletProtocol

@testable import MartletBroker

/// Everything that must outlive a broker, line by line, in an order that does not depend on how it came about: queues
/// with their settings, bindings, last ids and pauses; messages with all that a peek shows, their deadlines and leases;
/// dedup keys within their windows; histories; and in which order the leases were taken.
///
/// The broker's is put together from what it answers and from its books, the model's from its arrays. Instants are of
/// the wall clock. Left out is what protocol.md lets go with a process: totals, rates, consumers, who holds a lease.
struct Picture {
    private(set) var lines: [String] = []

    /// How this one and what was recovered differ, at the first place where they do; nil if they do not.
    func difference(to recovered: Picture) -> String? {
        for index in 0..<max(lines.count, recovered.lines.count) {
            let line = index < lines.count ? lines[index] : "nothing"
            let other = index < recovered.lines.count ? recovered.lines[index] : "nothing"
            if line != other { return "the model has  \(line)\n  recovered is  \(other)" }
        }
        return nil
    }

    private mutating func add(
        queue name: String,
        lastID: Int,
        isAutoCreated: Bool,
        paused: (send: Bool, receive: Bool),
        settings: String,
        patterns: [String]
    ) {
        lines.append(
            "queue \(name) up to \(lastID), auto \(isAutoCreated), paused \(paused.send) \(paused.receive), "
                + "\(settings), bound to \(patterns.sorted())"
        )
    }

    private mutating func add(message: String, until deadline: Int?, keep: Bool?) {
        lines.append("  \(message) until \(deadline.map { "\($0)" } ?? "-"), keep \(keep.map { "\($0)" } ?? "-")")
    }

    private mutating func add(keys: [(key: String, id: Int, seenAt: Int)]) {
        let texts = Set(keys.map { "  key \($0.key) is \($0.id), seen \($0.seenAt)" })
        lines += texts.sorted()
    }

    /// What is told by ids, and in which order they ended: the first is forgotten first.
    private mutating func add(history: String, order: [Int]) { lines.append("  ended \(history), in order \(order)") }

    private mutating func add(leases: [(number: UInt64, name: String)]) {
        lines.append("leases: " + leases.sorted { $0.number < $1.number }.map(\.name).joined(separator: ", "))
    }
}

// MARK: The model's

extension Picture {
    init(_ model: Model) {
        var leases: [(UInt64, String)] = []
        for queue in model.queues.sorted(by: { $0.name < $1.name }) {
            add(
                queue: queue.name,
                lastID: queue.lastID,
                isAutoCreated: queue.isAutoCreated,
                paused: (queue.sendIsPaused, queue.receiveIsPaused),
                settings: queue.settings.json,
                patterns: queue.patterns
            )
            for message in queue.messages.sorted(by: { $0.id < $1.id }) {
                let text = model.text(of: message, lease: nil, queue: nil, state: message.state.name)
                add(message: text, until: message.deadline, keep: message.lease?.keep)
                if let lease = message.lease { leases.append((UInt64(lease.number), "\(queue.name) \(message.id)")) }
            }
            add(keys: queue.dedup.filter { $0.seenAt + queue.settings.dedupWindow > model.now })
            let told = queue.history.sorted { $0.id < $1.id }.map(\.json)
            add(history: "[" + told.joined(separator: ",") + "]", order: queue.history.map(\.id))
        }
        add(leases: leases)
    }
}

// MARK: The broker's

extension Picture {
    /// - Parameter broker: is asked, and so not quite the same afterwards.
    init(_ broker: Broker, now: Now) {
        let inquiry = Inquiry(broker, now)
        var leases: [(UInt64, String)] = []
        for queue in broker.queues.all.sorted(by: { $0.name < $1.name }) {
            add(
                queue: queue.name,
                lastID: queue.lastID,
                isAutoCreated: queue.isAutoCreated,
                paused: (queue.sendIsPaused, queue.receiveIsPaused),
                settings: broker.settingsText(of: queue),
                patterns: broker.bindings.patterns(of: queue.index)
            )
            var slots: [UInt32] = []
            for state in Message.State.allCases { slots += queue.messages(state, atMost: .max, in: broker.store) }
            for slot in slots.sorted(by: { broker.store[$0].id < broker.store[$1].id }) {
                let message = broker.store[slot]
                let lease = message.state == .leased ? broker.leases[message.place] : nil
                add(
                    message: inquiry.shown(message.id, in: queue.name),
                    until: message.timer == 0 ? nil : broker.wall(broker.deadlines.deadline(of: message.timer)),
                    keep: lease?.keep
                )
                if let lease { leases.append((lease.serial, "\(queue.name) \(message.id)")) }
            }
            add(
                keys: queue.dedup.sightings
                    .filter { $0.seenAt + queue.settings.dedupWindow > now.monotonic }
                    .map { ($0.key, $0.id, broker.wall($0.seenAt)) }
            )
            add(history: inquiry.history(of: queue.name), order: queue.history.inOrder.map(\.id))
        }
        add(leases: leases)
    }

    /// Asks a broker, and lets no time pass meanwhile.
    private final class Inquiry {
        private let broker: Broker
        private let now: Now
        private let session: SessionID
        private let batch = RequestBatch()
        private var outbox = Outbox()

        init(_ broker: Broker, _ now: Now) {
            self.broker = broker
            self.now = now
            session = broker.openSession(loop: 0, connection: 1, now: now)
        }

        func shown(_ id: Int, in queue: String) -> String {
            answer(#"{"op":"peek","queue":"\#(queue)","id":\#(id)}"#, after: #"{"ok":true,"messages":["#)
        }

        func history(of queue: String) -> String {
            "[" + answer(#"{"op":"history","queue":"\#(queue)","max":1000}"#, after: #"{"ok":true,"records":["#) + "]"
        }

        /// What stands in the array that the reply consists of.
        private func answer(_ line: String, after head: String) -> String {
            Array(line.utf8).withUnsafeBytes { bytes in
                batch.removeAll()
                batch.parse(bytes, limits: broker.settings.limits)
                broker.handle(batch, 0, from: session, now: now)
            }
            broker.swapOutbox(ofLoop: 0, with: &outbox)
            let reply = String(decoding: outbox.bytes.bytes, as: UTF8.self)
            outbox.removeAll()
            return reply.hasPrefix(head) ? String(reply.dropFirst(head.count).dropLast("]}\n".count)) : reply
        }
    }
}
