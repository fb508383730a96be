// Which action is carried out where; each returns the members of its reply, or nil if it waits.
extension Model {
    mutating func carryOut(_ action: Action, from peer: Int, tag: Int?) throws(ModelFailure) -> String? {
        switch action {
        case .receive(let queues, let isList, let max, let wait, let terms):
            var terms = terms
            terms.namesQueue = isList
            return try receive(queues, max: max ?? 1, wait: wait ?? 0, terms, from: peer, tag: tag)
        case .atomic(let parts): return try atomic(parts, from: peer)
        case .subscribe(let queues, _, let credit, let terms):
            var terms = terms
            terms.namesQueue = true
            return try subscribe(queues, credit: credit ?? 100, terms, from: peer)
        case .unsubscribe(let number): return try unsubscribe(number, from: peer)
        case .hello(let name):
            peers[peer]?.name = name
            return ",\"server\":\"martlet\""
        default: return try carryOutPart(action, from: peer)
        }
    }

    /// What may stand in an `atomic`, and what concerns no consumer.
    mutating func carryOutPart(_ action: Action, from peer: Int) throws(ModelFailure) -> String {
        switch action {
        case .send(let queue, let drafts, let isBatch): try send(drafts, isBatch, to: queue, from: peer)
        case .publish(let topic, let draft, let mandatory): try publish(draft, topic, mandatory, from: peer)
        case .delete(let queue, let references, let isList, let force):
            try delete(references, isList, force, from: queue, by: peer)
        case .release(let queue, let reference, let delay, let uncounted):
            try release(reference, delay: delay, uncounted: uncounted, from: queue, by: peer)
        case .extend(let queue, let reference, let lease): try extend(reference, lease, from: queue, by: peer)
        case .reject(let queue, let reference, let reason): try reject(reference, reason, from: queue, by: peer)
        default: try administer(action, from: peer)
        }
    }

    private mutating func administer(_ action: Action, from peer: Int) throws(ModelFailure) -> String {
        switch action {
        case .peek(let queue, let id, let state, let max): return try peek(queue, id: id, state: state, max: max)
        case .redrive(let queue, let max, let to): return try redrive(queue, max: max, to: to)
        case .purge(let queue, let state): return try purge(queue, state: state)
        case .bind(let queue, let topic): return try bind(queue, topic)
        case .unbind(let queue, let topic): return try unbind(queue, topic)
        case .bindings(let queue): return try listBindings(of: queue)
        case .declare(let queue, let settings): return try declare(queue, settings, from: peer)
        case .drop(let queue, let force): return try drop(queue, force: force)
        case .queues(let match): return listQueues(match: match)
        case .pause(let queue, let direction): return try pause(queue, direction, true)
        case .resume(let queue, let direction): return try pause(queue, direction, false)
        case .stats(let queue): return try stats(of: queue)
        case .history(let queue, let producer, let consumer, let after, let max):
            return try history(of: queue, producer: producer, consumer: consumer, after: after ?? 0, max: max ?? 100)
        case .explain(let queue): return try explain(queue)
        default: throw ModelFailure("not_modelled")
        }
    }

    /// All of the parts in turn, or none. Queues that a send has filled are brought within their limits at the end.
    private mutating func atomic(_ parts: [Action], from peer: Int) throws(ModelFailure) -> String {
        trimsLater = true
        lastNameable = Dictionary(uniqueKeysWithValues: queues.map { ($0.name, $0.lastID) })
        var results: [String] = []
        messagesAtOnce = 0
        defer { messagesAtOnce = 0 }
        var batched = 0
        for (index, part) in parts.enumerated() {
            // What has too many messages in batches is no request.
            guard case .send(_, let drafts, true) = part else { continue }
            batched += drafts.count
            guard batched > limits.batch else { continue }
            var failure = ModelFailure("too_many")
            failure.index = index
            throw failure
        }
        for (index, part) in parts.enumerated() {
            do throws(ModelFailure) {
                let sent = queues.reduce(0) { $0 + $1.lastID }
                results.append("{\"ok\":true\(try carryOutPart(part, from: peer))}")
                switch part {
                case .send, .publish: messagesAtOnce += queues.reduce(0) { $0 + $1.lastID } - sent
                case .delete(_, let references, _, _): messagesAtOnce += references.count
                default: messagesAtOnce += 1
                }
                if messagesAtOnce > limits.batch { throw ModelFailure("too_many") }
            } catch {
                var failure = error
                failure.index = index
                throw failure
            }
        }
        trimsLater = false
        lastNameable = nil
        for name in toTrim { trim(name) }
        toTrim = []
        return ",\"results\":[\(results.joined(separator: ","))]"
    }
}
