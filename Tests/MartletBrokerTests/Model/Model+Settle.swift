// `delete`, `release`, `extend`, `reject`.
extension Model {
    mutating func delete(
        _ references: [MessageReference],
        _ isList: Bool,
        _ force: Bool,
        from name: String,
        by peer: Int
    ) throws(ModelFailure) -> String {
        let index = try existing(name)
        var deleted = 0
        var failed: [String] = []
        for reference in references {
            do throws(ModelFailure) {
                let message = try find(reference, in: index, for: peer, force: force)
                queues[index].deleted += 1
                end(message, in: index, "deleted", by: peer)
                noteMoment()
                deleted += 1
            } catch {
                if !isList || trimsLater { throw error }
                failed.append("{\(key(of: reference)),\"error\":\"\(error.code)\"}")
            }
        }
        return ",\"deleted\":\(deleted)" + (failed.isEmpty ? "" : ",\"failed\":[\(failed.joined(separator: ","))]")
    }

    private func key(of reference: MessageReference) -> String {
        switch reference {
        case .id(let id): "\"id\":\(id)"
        case .receipt(let lease, let id): "\"receipt\":\"\(id).#\(lease)\""
        }
    }

    mutating func release(
        _ reference: MessageReference,
        delay: Int?,
        uncounted: Bool,
        from name: String,
        by peer: Int
    ) throws(ModelFailure) -> String {
        let index = try existing(name)
        let message = try find(reference, in: index, for: peer, force: false)
        comeBack(message, in: index, delay: delay, counts: !uncounted, by: peer)
        return ""
    }

    mutating func extend(
        _ reference: MessageReference,
        _ duration: Int,
        from name: String,
        by peer: Int
    ) throws(ModelFailure) -> String {
        let index = try existing(name)
        let message = try find(reference, in: index, for: peer, force: false)
        guard var lease = queues[index].messages[message].lease else { throw ModelFailure("not_leased") }
        lease.until = now + duration
        queues[index].messages[message].state = .leased(lease)
        queues[index].messages[message].armed = nextEvent()
        return ",\"lease_until\":\(lease.until)"
    }

    mutating func reject(
        _ reference: MessageReference,
        _ reason: String?,
        from name: String,
        by peer: Int
    ) throws(ModelFailure) -> String {
        let index = try existing(name)
        let message = try find(reference, in: index, for: peer, force: false)
        die(message, in: index, "rejected", reason: reason ?? "rejected", by: peer)
        return ""
    }

    // MARK: Which message

    private func find(
        _ reference: MessageReference,
        in index: Int,
        for peer: Int,
        force: Bool
    ) throws(ModelFailure) -> Int {
        switch reference {
        case .receipt(let lease, _):
            guard let message = queues[index].messages.firstIndex(where: { $0.lease?.number == lease }) else {
                throw ModelFailure("lease_lost")
            }
            return message
        case .id(let id):
            let isNameable = lastNameable.map { id <= $0[queues[index].name] ?? 0 } ?? true
            guard isNameable, let message = queues[index].index(of: id) else { throw ModelFailure("no_message") }
            let lease = queues[index].messages[message].lease
            guard force || lease != nil && lease?.peer == peer else { throw ModelFailure("not_leased") }
            return message
        }
    }

    func message(under lease: ModelLease, in index: Int) -> Int? {
        queues[index].messages.firstIndex { $0.lease?.number == lease.number }
    }
}
