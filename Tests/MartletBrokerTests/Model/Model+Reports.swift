// `queues`, `bindings`, `stats`, `history`, `explain`.
extension Model {
    func listQueues(match: String?) -> String {
        let listed = queues.filter { queue in
            match.map { Self.matches(Array(queue.name)[...], glob: Array($0)[...]) } ?? true
        }
        let texts = listed.sorted { $0.name < $1.name }.map { "{\"queue\":\"\($0.name)\"\(gauges(of: $0))}" }
        return ",\"queues\":[\(texts.joined(separator: ","))]"
    }

    /// Whether a name matches a pattern in which `*` stands for any characters and `?` for one.
    static func matches(_ name: ArraySlice<Character>, glob: ArraySlice<Character>) -> Bool {
        guard let first = glob.first else { return name.isEmpty }
        let rest = glob.dropFirst()
        if first == "*" { return matches(name, glob: rest) || !name.isEmpty && matches(name.dropFirst(), glob: glob) }
        guard let character = name.first else { return false }
        return (first == "?" || first == character) && matches(name.dropFirst(), glob: rest)
    }

    private func gauges(of queue: ModelQueue) -> String {
        let paused =
            switch (queue.sendIsPaused, queue.receiveIsPaused) {
            case (false, false): "no"
            case (true, false): "send"
            case (false, true): "receive"
            case (true, true): "both"
            }
        let waiting = consumers.filter { $0.queues.contains(queue.name) }.count
        return ",\"ready\":\(queue.count("ready")),\"delayed\":\(queue.count("delayed"))"
            + ",\"leased\":\(queue.count("leased")),\"dead\":\(queue.count("dead"))"
            + ",\"bytes\":\(queue.bytes),\"consumers\":\(waiting),\"paused\":\"\(paused)\""
    }

    mutating func listBindings(of name: String?) throws(ModelFailure) -> String {
        let listed = try name.map { name throws(ModelFailure) in [queues[try existing(name)]] } ?? queues
        let texts = listed.sorted { $0.name < $1.name }.flatMap { queue in
            queue.patterns.sorted().map { "{\"queue\":\"\(queue.name)\",\"topic\":\"\($0)\"}" }
        }
        return ",\"bindings\":[\(texts.joined(separator: ","))]"
    }

    /// Gauges and totals; the comparison does not look at the rates behind them.
    func stats(of name: String) throws(ModelFailure) -> String {
        guard let index = index(of: name) else { throw ModelFailure("no_queue") }
        let queue = queues[index]
        return ",\"queue\":\"\(name)\"\(gauges(of: queue)),\"sent\":\(queue.sent),\"received\":\(queue.received)"
            + ",\"deleted\":\(queue.deleted),\"expired\":\(queue.expired),\"dropped\":\(queue.dropped)"
            + ",\"redelivered\":\(queue.redelivered),\"dead_lettered\":\(queue.deadLettered)"
    }

    func history(
        of name: String,
        producer: String?,
        consumer: String?,
        after: Int,
        max: Int
    ) throws(ModelFailure) -> String {
        guard let index = index(of: name) else { throw ModelFailure("no_queue") }
        let found = queues[index].history.filter { record in
            record.id > after && (producer == nil || record.producer == producer)
                && (consumer == nil || record.consumer == consumer)
        }
        let told = found.sorted { $0.id < $1.id }.prefix(max)
        return ",\"records\":[\(told.map(\.json).joined(separator: ","))]"
    }

    /// The codes of the reasons why nothing is delivered.
    mutating func explain(_ name: String) throws(ModelFailure) -> String {
        guard let index = index(of: name) else { throw ModelFailure("no_queue") }
        let queue = queues[index]
        var codes = queue.receiveIsPaused ? ["paused"] : []
        if queue.living.isEmpty {
            codes.append("empty")
        } else if queue.deliverable.isEmpty {
            if queue.count("ready") > 0 { codes.append("groups_blocked") }
            if queue.count("delayed") > 0 { codes.append("delayed") }
            if queue.count("leased") > 0, queue.count("ready") == 0 { codes.append("all_leased") }
        } else {
            if queue.settings.rate > 0, queues[index].nextToken(now: now) > now { codes.append("rate") }
            if !queue.receiveIsPaused, queue.line.isEmpty {
                let waits = consumers.contains { $0.queues.contains(name) }
                codes.append(waits ? "credit_exhausted" : "no_consumers")
            }
        }
        return ",\"reasons\":[\(codes.map { "{\"code\":\"\($0)\"}" }.joined(separator: ","))]"
    }
}
