import Synchronization

/// The history of everything that was asked and answered, and what is wrong with it.
final class Book: Sendable {
    struct State {
        var step = 1
        /// By token; 0 is nobody.
        var entries: [Entry] = [Entry(unit: 0, queue: .jobs, group: 0)]
        var units: [Unit] = [Unit(tokens: 0..<0, takes: 0, begun: 0)]
        /// Whose an id is.
        var owners: [AuditQueue: [Int: Int]] = [:]
        /// The tokens of each group, in the order in which they were sent, from the first that is not gone.
        var groups: [Int: [Int]] = [:]
        var live = 0
        var counts: [String: Int] = [:]
        var findings: [String] = []
        var kinds: [String: Int] = [:]
        /// Odd while the daemon is told to stop; then connections end in order, and with them leases that are not kept.
        var orderlyEnds = 0

        /// Of findings that begin alike, the first ones are enough.
        mutating func find(_ what: String) {
            let kind = String(what.prefix { $0 != " " })
            kinds[kind, default: 0] += 1
            if kinds[kind, default: 0] <= 30 { findings.append(what) }
        }

        mutating func advance() -> Int {
            step += 1
            return step
        }
    }

    let state = Mutex(State())

    /// A step of the book: what is noted later has a larger one.
    var step: Int { state.withLock { $0.advance() } }
    /// About how many messages are there.
    var live: Int { state.withLock { $0.live } }

    var orderlyEnds: Int { state.withLock { $0.orderlyEnds } }
    /// The daemon is about to be told to stop, or has stopped.
    func noteOrderlyEnd() { state.withLock { $0.orderlyEnds += 1 } }

    func count(_ what: String, _ number: Int = 1) { state.withLock { $0.counts[what, default: 0] += number } }

    func find(_ what: String) { state.withLock { $0.find(what) } }

    // MARK: Sending

    /// A request is about to be sent.
    func begin(_ queues: [AuditQueue], group: Int = 0, takes: Int = 0) -> (unit: Int, tokens: Range<Int>) {
        state.withLock { state in
            let unit = state.units.count
            let first = state.entries.count
            for queue in queues { state.entries.append(Entry(unit: unit, queue: queue, group: group)) }
            let tokens = first..<state.entries.count
            if group != 0 { state.groups[group, default: []] += tokens }
            if takes != 0 { state.entries[takes].settlingHasBegun = true }
            state.units.append(Unit(tokens: tokens, takes: takes, begun: state.advance()))
            return (unit, tokens)
        }
    }

    func acknowledge(_ number: Int, ids: [Int]) {
        state.withLock { state in
            let unit = state.units[number]
            state.units[number].outcome = .acknowledged
            guard ids.count == unit.tokens.count else {
                return state.find("request \(number) sent \(unit.tokens.count) messages and got \(ids.count) ids")
            }
            for (token, id) in zip(unit.tokens, ids) {
                state.entries[token].isAcknowledged = true
                state.name(token, id)
            }
            state.live += ids.count
            state.counts["messages acknowledged", default: 0] += ids.count
            if unit.takes != 0 { state.take(unit.takes) }
        }
    }

    func refuse(_ number: Int) {
        state.withLock { state in
            state.units[number].outcome = .refused
            for token in state.units[number].tokens { state.entries[token].isRefused = true }
        }
    }

    func lose(_ number: Int) {
        state.withLock { state in
            state.units[number].outcome = .unknown
            state.counts["sends without an answer", default: 0] += 1
            let taken = state.units[number].takes
            if taken != 0 { state.entries[taken].unknownSettlings += 1 }
        }
    }

    // MARK: Receiving

    /// A message has come; its token, or nil if it is nobody's.
    func deliver(_ delivery: Delivery, from queue: AuditQueue, begun: Int) -> Int? {
        state.withLock { $0.deliver(delivery, from: queue, begun: begun) }
    }

    func beginSettling(_ token: Int) { state.withLock { $0.entries[token].settlingHasBegun = true } }

    func settle(_ token: Int, isReject: Bool) {
        state.withLock { state in
            if isReject {
                state.entries[token].rejected = state.advance()
                state.counts["rejected", default: 0] += 1
            } else {
                state.take(token)
            }
        }
    }

    func loseSettling(_ token: Int) {
        state.withLock { state in
            state.entries[token].unknownSettlings += 1
            state.counts["settlings without an answer", default: 0] += 1
        }
    }

    func mayBeSettled(_ token: Int) -> Bool { state.withLock { $0.entries[token].settlingIsUnknown } }
}

extension Book.State {
    mutating func take(_ token: Int) {
        entries[token].gone = advance()
        live -= 1
        counts["deletes acknowledged", default: 0] += 1
    }

    /// Notes a message's id, and that nobody else has it.
    mutating func name(_ token: Int, _ id: Int) {
        let queue = entries[token].queue
        if entries[token].id == 0 { entries[token].id = id }
        if entries[token].id != id {
            find("message \(token) is \(entries[token].id) and \(id) in \(queue): it is there twice")
        }
        let owner = owners[queue, default: [:]].updateValue(token, forKey: id)
        if let owner, owner != token { find("id \(id) of \(queue) is both message \(owner) and \(token)") }
    }

    mutating func deliver(_ delivery: Delivery, from queue: AuditQueue, begun: Int) -> Int? {
        guard let token = Body.token(delivery.body), token < entries.count else {
            find("from nowhere: \(queue) \(delivery.id): \(delivery.body.prefix(80))")
            return nil
        }
        let entry = entries[token]
        if entry.isRefused { find("message \(token) was refused, and came") }
        if queue == .graveyard, entry.queue == .jobs {
            if !entry.settlingHasBegun { find("message \(token) is in the graveyard, and nobody has rejected it") }
            return token
        }
        guard queue == entry.queue else {
            find("message \(token) was sent to \(entry.queue) and came from \(queue)")
            return token
        }
        let settled = max(entry.gone, entry.rejected)
        if settled != 0, settled < begun {
            find(
                "message \(token), \(queue) \(delivery.id), came back after its \(entry.gone > 0 ? "delete" : "reject")"
            )
        }
        entries[token].deliveries += 1
        entries[token].seen = begun
        name(token, delivery.id)
        if entry.group != 0 { checkOrder(token, entry.group) }
        return token
    }

    /// Of a group, only the first message that is not settled may come.
    private mutating func checkOrder(_ token: Int, _ group: Int) {
        guard let tokens = groups[group] else { return }
        for earlier in tokens where earlier < token && entries[earlier].isAcknowledged {
            if !entries[earlier].settlingHasBegun { find("message \(token) of group \(group) came before \(earlier)") }
        }
        let settled = tokens.prefix { entries[$0].gone != 0 }.count
        groups[group]?.removeFirst(settled)
    }
}
