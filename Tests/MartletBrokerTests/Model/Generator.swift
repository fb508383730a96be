/// Random steps that are likely to mean something: they name queues, messages, leases and subscriptions that there are,
/// most of the time.
struct Generator {
    var random: SeededRandom
    /// What this seed is about: some operations are left out, so that others meet more often.
    private let weights: [(Kind, Int)]
    private let names: [String]
    /// Receives wait for several queues and want more than one message, and what is sent goes to several at once.
    private let isAboutSeveralQueues: Bool

    private enum Kind: CaseIterable {
        case send, batch, receive, wait, delete, deleteMany, release, extend, reject, peek, redrive, purge, atomic
        case subscribe, unsubscribe, bind, publish, declare, drop, report, pause, hello, close, pass, longPass
    }

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        names = Array(["a", "b", "c", "auto.x", "auto.y", "d"].prefix(random.below(5) + 2))
        isAboutSeveralQueues = random.chance(1, in: 3)
        var weights: [(Kind, Int)] = []
        for kind in Kind.allCases {
            let usual = isAboutSeveralQueues ? Self.weightAmongSeveralQueues(of: kind) : Self.weight(of: kind)
            weights.append((kind, random.chance(1, in: 6) ? 0 : usual * (random.chance(1, in: 4) ? 3 : 1)))
        }
        self.weights = weights
    }

    /// Most of the time there is who waits and nothing to be had, until an `atomic` or a `publish` brings much at once.
    private static func weightAmongSeveralQueues(of kind: Kind) -> Int {
        switch kind {
        case .wait: 24
        case .atomic: 8
        case .send, .batch, .longPass: 2
        case .bind: 6
        default: weight(of: kind)
        }
    }

    private static func weight(of kind: Kind) -> Int {
        switch kind {
        case .send, .receive, .pass: 12
        case .wait, .delete, .release, .atomic, .declare: 6
        case .batch, .reject, .publish, .longPass, .deleteMany: 4
        case .subscribe, .extend, .peek, .redrive, .report, .close: 3
        case .purge, .bind, .unsubscribe, .pause, .hello, .drop: 2
        }
    }

    mutating func limits() -> ModelLimits {
        var limits = ModelLimits()
        if random.chance(1, in: 5) { limits.queues = 1 + random.below(4) }
        if random.chance(1, in: 5) { limits.waitingReceivers = 1 + random.below(3) }
        if random.chance(1, in: 5) { limits.subscriptions = 1 }
        if random.chance(1, in: 5) { limits.bindings = 2 }
        if random.chance(1, in: 5) { limits.batch = 1 + random.below(4) }
        if random.chance(1, in: 2) { limits.handOversAtOnce = 100 + random.below(3) }
        limits.autoCreate = !random.chance(1, in: 10)
        return limits
    }

    mutating func step(_ model: Model) -> Step {
        let peer = random.below(Simulation.peerCount)
        let kind = random.pick(weights)
        switch kind {
        case .close: return Step(peer: peer, event: .close)
        case .pass: return Step(peer: peer, event: .pass(1 + random.below(60)))
        case .longPass: return Step(peer: peer, event: .pass(1 + random.below(2_000)))
        default:
            let tag = random.chance(1, in: 4) ? random.below(100) : nil
            return Step(peer: peer, event: .request(action(kind, model, peer), tag: tag))
        }
    }

    private mutating func action(_ kind: Kind, _ model: Model, _ peer: Int) -> Action {
        switch kind {
        case .receive: return receive(wait: nil)
        case .wait: return receive(wait: 1 + random.below(300))
        case .atomic: return atomic(model, peer)
        case .subscribe:
            let queues = someNames()
            return .subscribe(
                queues: queues,
                isList: queues.count > 1 || random.chance(1, in: 2),
                credit: random.chance(1, in: 5) ? nil : 1 + random.below(3),
                terms()
            )
        case .unsubscribe: return .unsubscribe(1 + random.below(3))
        case .declare: return .declare(queue: name(), settings())
        case .hello: return .hello(name: random.pick(["p", "q"]))
        case .bind:
            let topic = random.pick(["x", "x.y", "x.*", "*.y", "#", "x.#", "#.y", "*"])
            return random.chance(3, in: 4) ? .bind(queue: name(), topic: topic) : .unbind(queue: name(), topic: topic)
        case .drop: return .drop(queue: name(), force: random.chance(1, in: 2))
        case .pause:
            let direction = random.chance(1, in: 3) ? nil : random.pick(["send", "receive", "both"])
            return random.chance(2, in: 5)
                ? .pause(queue: name(), direction: direction) : .resume(queue: name(), direction: direction)
        case .peek, .redrive, .purge, .report: return look(kind, model)
        default: return part(kind, model, peer)
        }
    }

    private mutating func look(_ kind: Kind, _ model: Model) -> Action {
        let name = name()
        let state = random.chance(1, in: 4) ? nil : random.pick(["ready", "delayed", "leased", "dead"])
        switch kind {
        case .peek where random.chance(1, in: 3):
            return .peek(queue: name, id: id(in: name, model), state: nil, max: nil)
        case .peek: return .peek(queue: name, id: nil, state: state, max: random.pick([1000, 1000, 1]))
        case .redrive:
            return .redrive(
                queue: name,
                max: random.chance(1, in: 3) ? 1 + random.below(2) : nil,
                to: random.chance(1, in: 3) ? self.name() : nil
            )
        case .purge: return .purge(queue: name, state: random.chance(1, in: 4) ? "all" : state)
        default: return report(name)
        }
    }

    private mutating func report(_ name: String) -> Action {
        switch random.below(5) {
        case 0: .queues(match: random.chance(1, in: 2) ? nil : random.pick(["*", "a*", "?", "auto.?", "*.x"]))
        case 1: .bindings(queue: random.chance(1, in: 2) ? nil : name)
        case 2:
            .history(
                queue: name,
                producer: random.chance(1, in: 4) ? "p" : nil,
                consumer: random.chance(1, in: 4) ? "q" : nil,
                after: random.chance(1, in: 4) ? random.below(5) : nil,
                max: random.chance(1, in: 4) ? 1 : nil
            )
        case 3: .explain(queue: name)
        default: .stats(queue: name)
        }
    }

    // MARK: Requests that may stand in an atomic

    private mutating func atomic(_ model: Model, _ peer: Int) -> Action {
        // Of other parts one is likely to fail, and all with it.
        let isSends = isAboutSeveralQueues && random.chance(3, in: 4)
        return .atomic(
            (0..<1 + random.below(5)).map { _ in
                isSends ? part(random.pick([.send, .send, .batch]), model, peer) : part(model, peer)
            }
        )
    }

    private mutating func part(_ model: Model, _ peer: Int) -> Action {
        part(
            random.pick([.send, .send, .batch, .delete, .deleteMany, .release, .reject, .extend, .publish]),
            model,
            peer
        )
    }

    private mutating func part(_ kind: Kind, _ model: Model, _ peer: Int) -> Action {
        let name = name()
        switch kind {
        case .send: return .send(queue: name, [draft(model)], isBatch: random.chance(1, in: 8))
        case .batch:
            // Bodies and nothing else are taken in another way than what has more to it.
            let isPlain = random.chance(1, in: 3)
            let drafts = (0..<1 + random.below(4)).map { _ in isPlain ? Draft(body: body()) : draft(model) }
            return .send(queue: name, drafts, isBatch: true)
        case .publish:
            return .publish(
                topic: random.pick(["x", "x.y", "x.y.z", "y"]),
                draft(model),
                mandatory: random.chance(1, in: 4)
            )
        case .delete:
            return .delete(
                queue: name,
                [reference(in: name, model, peer)],
                isList: false,
                force: random.chance(1, in: 4)
            )
        case .deleteMany: return deleteMany(in: name, model, peer)
        case .release:
            return .release(
                queue: name,
                reference(in: name, model, peer),
                delay: random.chance(1, in: 3) ? random.below(200) : nil,
                uncounted: random.chance(1, in: 4)
            )
        case .extend:
            return .extend(queue: name, reference(in: name, model, peer), lease: 1 + random.below(400))
        default:
            let reason = random.chance(1, in: 2) ? "why" : nil
            return .reject(queue: name, reference(in: name, model, peer), reason: reason)
        }
    }

    private mutating func deleteMany(in name: String, _ model: Model, _ peer: Int) -> Action {
        let byReceipt = random.chance(1, in: 2)
        let references = (0..<1 + random.below(4)).map { _ in
            byReceipt ? receipt(in: name, model) : MessageReference.id(id(in: name, model))
        }
        return .delete(queue: name, references, isList: true, force: random.chance(1, in: 3))
    }

    // MARK: Parts of requests

    private mutating func name() -> String { random.pick(names) }

    private mutating func someNames() -> [String] {
        var found: [String] = []
        for _ in 0..<random.pick(isAboutSeveralQueues ? [1, 2, 2, 3, 3] : [1, 1, 1, 2, 3]) {
            let name = name()
            if !found.contains(name) { found.append(name) }
        }
        return found
    }

    private mutating func terms() -> DeliveryTerms {
        DeliveryTerms(
            lease: random.chance(1, in: 2) ? 1 + random.below(400) : nil,
            keep: random.chance(1, in: 4),
            autoDelete: random.chance(1, in: 6)
        )
    }

    private mutating func receive(wait: Int?) -> Action {
        let queues = someNames()
        let isForOne = random.chance(1, in: isAboutSeveralQueues ? 4 : 2)
        return .receive(
            queues: queues,
            isList: queues.count > 1 || random.chance(1, in: 4),
            max: isForOne ? nil : 1 + random.below(isAboutSeveralQueues ? 8 : 4),
            wait: wait,
            terms()
        )
    }

    private mutating func draft(_ model: Model) -> Draft {
        var draft = Draft()
        draft.body = body()
        if random.chance(1, in: 3) { draft.priority = random.below(10) }
        if random.chance(1, in: 5) {
            draft.delay = random.below(300)
        } else if random.chance(1, in: 8) {
            draft.at = max(0, model.now - 100 + random.below(300))
        }
        if random.chance(1, in: 5) { draft.ttl = random.below(400) }
        if random.chance(1, in: 8) { draft.headers = "{\"h\": 1}" }
        if random.chance(1, in: 5) { draft.dedup = random.pick(["k1", "k2", "k3"]) }
        if random.chance(1, in: 3) { draft.group = random.pick(["g1", "g2"]) }
        if random.chance(1, in: 10) { draft.replyTo = "answers" }
        if random.chance(1, in: 10) { draft.correlation = "c" }
        return draft
    }

    private mutating func body() -> String {
        random.pick(["1", "\"two\"", "{\"x\":[1, 2.0]}", "null", "[ ]", "1e400"])
    }

    /// The id of a message that is there, or that was, or that never will be.
    private mutating func id(in name: String, _ model: Model) -> Int {
        guard let index = model.index(of: name), !random.chance(1, in: 12) else { return 9_999 }
        let queue = model.queues[index]
        if queue.messages.isEmpty || random.chance(1, in: 8) { return 1 + random.below(max(1, queue.lastID)) }
        return random.pick(queue.messages).id
    }

    private mutating func receipt(in name: String, _ model: Model) -> MessageReference {
        if let index = model.index(of: name), !random.chance(1, in: 6) {
            let leased = model.queues[index].messages.filter { $0.lease != nil }
            if !leased.isEmpty {
                let message = random.pick(leased)
                return .receipt(lease: message.lease?.number ?? 0, id: message.id)
            }
        }
        return .receipt(lease: random.below(model.leaseCount + 1), id: 0)
    }

    /// A message, most likely one that the connection has leased.
    private mutating func reference(in name: String, _ model: Model, _ peer: Int) -> MessageReference {
        if random.chance(1, in: 3) { return receipt(in: name, model) }
        guard let index = model.index(of: name) else { return .id(1) }
        let own = model.queues[index].messages.filter { $0.lease?.peer == peer }
        return .id(own.isEmpty || random.chance(1, in: 5) ? id(in: name, model) : random.pick(own).id)
    }

    private mutating func settings() -> [ModelSetting] {
        var settings: [ModelSetting] = []
        if random.chance(1, in: 3) { settings.append(.lease(1 + random.below(500))) }
        if random.chance(1, in: 2) { settings.append(.maxAttempts(random.below(4))) }
        if random.chance(1, in: 2) { settings.append(.deadLetter(random.chance(1, in: 4) ? nil : name())) }
        if random.chance(1, in: 3) {
            let initial = random.below(100)
            let grows = random.chance(1, in: 2) && initial > 0
            settings.append(
                .retryDelay(initial: initial, factor: grows ? 2 : 1, maximum: grows ? initial * 3 : initial)
            )
        }
        if random.chance(1, in: 4) { settings.append(.ttl(random.below(500))) }
        if random.chance(1, in: 3) { settings.append(.expiredDie(random.chance(1, in: 2))) }
        if random.chance(1, in: 3) { settings.append(.maxMessages(random.below(5))) }
        if random.chance(1, in: 5) { settings.append(.maxBytes(random.pick([0, 10, 100, 200]))) }
        if random.chance(1, in: 2) { settings.append(.dropsOldest(random.chance(1, in: 2))) }
        // Rates whose tokens are exact in binary, so that sums do not depend on when they are made.
        if random.chance(1, in: 4) { settings.append(.rate(random.pick([0, 15.625, 62.5, 125]))) }
        if random.chance(1, in: 4) { settings.append(.burst(random.below(3))) }
        if random.chance(1, in: 4) { settings.append(.history(random.below(5))) }
        if random.chance(1, in: 6) { settings.append(.temporary(random.chance(1, in: 2))) }
        if random.chance(1, in: 4) { settings.append(.groupConcurrency(1 + random.below(2))) }
        return settings
    }
}
