// `peek`, `redrive`, `purge`.
extension Model {
    mutating func peek(_ name: String, id: Int?, state: String?, max: Int?) throws(ModelFailure) -> String {
        let index = try existing(name)
        if let id {
            guard let place = queues[index].index(of: id) else { throw ModelFailure("no_message") }
            return ",\"messages\":[\(shown(queues[index].messages[place]))]"
        }
        let (first, rest) = listed(state ?? "ready", in: index)
        let limit = max ?? 1
        if limit > first.count, limit < first.count + rest.count { return ",\"messages\":[\(LineComparison.anything)" }
        let texts = first.prefix(limit).map(shown)
        guard limit > first.count, !rest.isEmpty else { return ",\"messages\":[\(texts.joined(separator: ","))]" }
        return ",\"messages\":[" + (texts + [LineComparison.anyOrder] + rest.map(shown)).joined(separator: ",") + "]"
    }

    private func shown(_ message: ModelMessage) -> String {
        text(of: message, lease: nil, queue: nil, state: message.state.name)
    }

    /// The messages in a state, in the order in which they came into it; ready ones in the order in which they leave.
    ///
    /// Of the ready and delayed ones, those of a group that do not stand to leave come last, in an order left open.
    private func listed(_ state: String, in index: Int) -> (first: [ModelMessage], inAnyOrder: [ModelMessage]) {
        let queue = queues[index]
        let all = queue.messages.filter { $0.state.name == state }.sorted { $0.since < $1.since }
        guard state == "ready" || state == "delayed" else { return (all, []) }
        let first = state == "ready" ? queue.deliverable : all.filter { $0.draft.group == nil }
        return (first, all.filter { message in !first.contains { $0.id == message.id } })
    }

    mutating func redrive(_ name: String, max: Int?, to target: String?) throws(ModelFailure) -> String {
        let index = try existing(name)
        let dead = Array(listed("dead", in: index).first.prefix(max ?? .max))
        let destination = try target.map { name throws(ModelFailure) in try existing(name) } ?? index
        if destination != index { try checkRoom(for: dead, in: queues[destination]) }
        var moved = 0
        for message in dead {
            guard let place = queues[index].index(of: message.id) else { continue }
            if destination == index {
                queues[index].messages[place].deaths = []
                queues[index].messages[place].attempts = 0
                put(place, in: index, .ready)
            } else {
                // A queue that drops its oldest messages may be full of leased ones.
                guard queues[destination].hasRoom(forBytes: message.storedBytes) else { break }
                queues[index].messages[place].deaths = []
                move(place, from: index, to: destination)
                noteMoment()
                overflow(destination)
            }
            noteMoment()
            moved += 1
        }
        return ",\"moved\":\(moved)"
    }

    /// A queue that rejects what is too much takes all of the messages or none.
    private func checkRoom(for messages: [ModelMessage], in queue: ModelQueue) throws(ModelFailure) {
        guard !queue.settings.dropsOldest else { return }
        let count = queue.living.count + messages.count
        let bytes = (queue.living + messages).reduce(0) { $0 + $1.storedBytes }
        if queue.settings.maxMessages > 0 && count > queue.settings.maxMessages
            || queue.settings.maxBytes > 0 && bytes > queue.settings.maxBytes
        {
            throw ModelFailure("queue_full")
        }
    }

    mutating func purge(_ name: String, state: String?) throws(ModelFailure) -> String {
        let index = try existing(name)
        let count = queues[index].messages.count
        purge(index) { message in
            switch state {
            case nil: message.lease == nil
            case "all": true
            default: message.state.name == state
            }
        }
        return ",\"purged\":\(count - queues[index].messages.count)"
    }
}
