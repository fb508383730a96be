// `declare`, `drop`, `pause`, `resume`, `bind`, `unbind`.
extension Model {
    mutating func declare(_ name: String, _ changes: [ModelSetting], from peer: Int) throws(ModelFailure) -> String {
        let isNew = index(of: name) == nil
        let index: Int
        if let found = self.index(of: name) {
            index = found
        } else {
            index = try create(name, settings: limits.initialSettings(of: name), isAutoCreated: false)
        }
        let old = queues[index].settings
        for change in changes { change.apply(to: &queues[index].settings) }
        let new = queues[index].settings
        queues[index].isAutoCreated = false
        if new.rate != old.rate || new.burst != old.burst { queues[index].tokens = nil }
        if new.history < queues[index].history.count {
            queues[index].history = Array(queues[index].history.suffix(new.history))
        }
        if !new.temporary {
            queues[index].owner = nil
        } else if queues[index].owner == nil {
            queues[index].owner = peer
            peers[peer]?.temporaryQueues.append(queues[index].birth)
        }
        wake(name)
        return ",\"created\":\(isNew),\"settings\":\(new.json)"
    }

    mutating func drop(_ name: String, force: Bool) throws(ModelFailure) -> String {
        let index = try existing(name)
        guard queues[index].messages.isEmpty || force else { throw ModelFailure("bad_request") }
        drop(name)
        return ""
    }

    mutating func pause(_ name: String, _ direction: String?, _ isPaused: Bool) throws(ModelFailure) -> String {
        let index = try existing(name)
        if direction != "receive" { queues[index].sendIsPaused = isPaused }
        if direction != "send" { queues[index].receiveIsPaused = isPaused }
        wake(name)
        return ""
    }

    mutating func bind(_ name: String, _ topic: String) throws(ModelFailure) -> String {
        let index = try existing(name)
        guard !queues[index].patterns.contains(topic) else { return "" }
        try checkJournalTakesMore()
        guard queues.reduce(0, { $0 + $1.patterns.count }) < limits.bindings else { throw ModelFailure("too_many") }
        queues[index].patterns.append(topic)
        return ""
    }

    mutating func unbind(_ name: String, _ topic: String) throws(ModelFailure) -> String {
        let index = try existing(name)
        guard queues[index].patterns.contains(topic) else { throw ModelFailure("bad_request") }
        queues[index].patterns.removeAll { $0 == topic }
        return ""
    }
}
