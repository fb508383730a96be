extension Action {
    /// The request line. `receipt` gives the receipt of a lease by its number; nil for one that was never given.
    func json(tag: Int?, receipt: (Int) -> String?) -> String {
        let text = object(receipt)
        guard let tag else { return text }
        return text.dropLast() + ",\"tag\":\(tag)}"
    }

    private func object(_ receipt: (Int) -> String?) -> String {
        switch self {
        case .send(let queue, let drafts, let isBatch):
            let batch = "\"messages\":[" + drafts.map { "{\($0.json)}" }.joined(separator: ",") + "]"
            return request("send", queue, [isBatch ? batch : drafts[0].json])
        case .receive(let queues, let isList, let max, let wait, let terms):
            return request(
                "receive",
                nil,
                [named(queues, isList), member("max", max), duration("wait", wait)] + members(of: terms)
            )
        case .delete(let queue, let references, let isList, let force):
            let named = isList ? list(references, receipt) : name(references[0], receipt)
            return request("delete", queue, [named, flag("force", force)])
        case .release(let queue, let reference, let delay, let uncounted):
            return request(
                "release",
                queue,
                [name(reference, receipt), duration("delay", delay), flag("uncounted", uncounted)]
            )
        case .extend(let queue, let reference, let lease):
            return request("extend", queue, [name(reference, receipt), duration("lease", lease)])
        case .reject(let queue, let reference, let reason):
            return request("reject", queue, [name(reference, receipt), text("reason", reason)])
        case .atomic(let parts):
            let requests = parts.map { $0.object(receipt) }.joined(separator: ",")
            return "{\"op\":\"atomic\",\"requests\":[\(requests)]}"
        default: return plainObject
        }
    }

    /// Requests that name no lease.
    private var plainObject: String {
        switch self {
        case .peek(let queue, let id, let state, let max):
            request("peek", queue, [member("id", id), text("state", state), member("max", max)])
        case .redrive(let queue, let max, let to): request("redrive", queue, [member("max", max), text("to", to)])
        case .purge(let queue, let state): request("purge", queue, [text("state", state)])
        case .subscribe(let queues, let isList, let credit, let terms):
            request("subscribe", nil, [named(queues, isList), member("credit", credit)] + members(of: terms))
        case .unsubscribe(let number): request("unsubscribe", nil, ["\"subscription\":\(number)"])
        case .bind(let queue, let topic): request("bind", queue, [text("topic", topic)])
        case .unbind(let queue, let topic): request("unbind", queue, [text("topic", topic)])
        case .bindings(let queue): request("bindings", queue, [])
        case .publish(let topic, let draft, let mandatory):
            request("publish", nil, [text("topic", topic), draft.json, flag("mandatory", mandatory)])
        case .declare(let queue, let settings): request("declare", queue, settings.map(\.json))
        case .drop(let queue, let force): request("drop", queue, [flag("force", force)])
        case .queues(let match): request("queues", nil, [text("match", match)])
        case .pause(let queue, let direction): request("pause", queue, [text("direction", direction)])
        case .resume(let queue, let direction): request("resume", queue, [text("direction", direction)])
        case .hello(let name): request("hello", nil, [text("name", name)])
        case .stats(let queue): request("stats", queue, [])
        case .history(let queue, let producer, let consumer, let after, let max):
            request(
                "history",
                queue,
                [text("producer", producer), text("consumer", consumer), member("after", after), member("max", max)]
            )
        case .explain(let queue): request("explain", queue, [])
        case .send, .receive, .delete, .release, .extend, .reject, .atomic:
            preconditionFailure("object(_:) writes these itself")
        }
    }

    // MARK: Members

    private func request(_ operation: String, _ queue: String?, _ members: [String?]) -> String {
        let all = [text("op", operation), text("queue", queue)] + members
        return "{" + all.compactMap { $0 }.joined(separator: ",") + "}"
    }

    private func text(_ key: String, _ value: String?) -> String? { value.map { "\"\(key)\":\"\($0)\"" } }
    private func member(_ key: String, _ value: Int?) -> String? { value.map { "\"\(key)\":\($0)" } }
    private func duration(_ key: String, _ value: Int?) -> String? { value.map { "\"\(key)\":\(seconds($0))" } }
    private func flag(_ key: String, _ value: Bool) -> String? { value ? "\"\(key)\":true" : nil }

    private func members(of terms: DeliveryTerms) -> [String?] {
        [duration("lease", terms.lease), flag("keep", terms.keep), flag("auto_delete", terms.autoDelete)]
    }

    private func named(_ queues: [String], _ isList: Bool) -> String {
        isList ? "\"queues\":[" + queues.map { "\"\($0)\"" }.joined(separator: ",") + "]" : "\"queue\":\"\(queues[0])\""
    }

    private func name(_ reference: MessageReference, _ receipt: (Int) -> String?) -> String {
        switch reference {
        case .id(let id): "\"id\":\(id)"
        case .receipt(let lease, _): "\"receipt\":\"\(receipt(lease) ?? "1.never")\""
        }
    }

    private func list(_ references: [MessageReference], _ receipt: (Int) -> String?) -> String {
        var values: [String] = []
        var areIDs = false
        for reference in references {
            switch reference {
            case .id(let id):
                areIDs = true
                values.append("\(id)")
            case .receipt(let lease, _): values.append("\"\(receipt(lease) ?? "1.never")\"")
            }
        }
        return (areIDs ? "\"ids\":[" : "\"receipts\":[") + values.joined(separator: ",") + "]"
    }
}
