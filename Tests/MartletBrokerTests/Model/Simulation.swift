import MartletProtocol

@testable import MartletBroker

/// One run of the core against the model: the same steps to both, and all lines compared.
///
///     let mismatch = Simulation.run(seed: 7, steps: 100)        // random steps
///     let again = Simulation.replay(mismatch.steps, seed: 7)    // the same steps, or some of them
struct Simulation {
    static let peerCount = 3

    /// Where core and model disagree.
    struct Mismatch {
        /// The steps up to there.
        let steps: [Step]
        let trace: [String]
        let explanation: String
    }

    let engine: Engine
    private let settings: BrokerSettings
    private let isAudited: Bool
    private(set) var model: Model
    private var connections: [Engine.Peer]
    private(set) var receipts: ReceiptBook
    private var steps: [Step] = []
    private(set) var trace: [String] = []

    private init(limits: ModelLimits, journal: ScriptedJournal? = nil) {
        let settings = Self.settings(limits)
        let engine = Engine(settings, journal: journal)
        engine.broker.handOversAtOnce = limits.handOversAtOnce
        self.init(engine, settings, Model(limits: limits, now: engine.now.wall), ReceiptBook())
    }

    /// A broker and a model that agree; connections are opened to both.
    /// - Parameter isAudited: whether the core's invariants are looked at after every step.
    init(
        _ engine: Engine,
        _ settings: BrokerSettings,
        _ model: Model,
        _ receipts: ReceiptBook,
        isAudited: Bool = true
    ) {
        self.engine = engine
        self.isAudited = isAudited
        self.settings = settings
        self.model = model
        self.receipts = receipts
        connections = []
        for peer in 0..<Self.peerCount {
            self.model.connect(peer)
            connections.append(engine.connect())
        }
    }

    static func settings(_ limits: ModelLimits) -> BrokerSettings {
        var settings = BrokerSettings()
        settings.autoCreate = limits.autoCreate
        settings.limits.maxQueues = limits.queues
        settings.limits.maxWaitingReceivers = limits.waitingReceivers
        settings.limits.maxSubscriptions = limits.subscriptions
        settings.limits.maxBindings = limits.bindings
        settings.limits.maxBatch = limits.batch
        var unused = QueueSettingsPatch()
        unused.expireUnused = 300
        settings.queueDefaults = [BrokerSettings.QueueDefaults(pattern: Glob("auto.*"), patch: unused)]
        return settings
    }

    static func run(seed: UInt64, steps count: Int) -> Mismatch? {
        var generator = Generator(seed: seed)
        var simulation = Simulation(limits: generator.limits())
        for _ in 0..<count {
            let step = generator.step(simulation.model)
            if let explanation = simulation.take(step) { return simulation.mismatch(explanation) }
        }
        return nil
    }

    /// As `run`, with a journal: after every step the broker that recovers from it must know what this one knows.
    static func runRecovering(seed: UInt64, steps count: Int, segmentSize: Int) -> Mismatch? {
        var generator = Generator(seed: seed)
        let limits = generator.limits()
        var simulation = Simulation(limits: limits, journal: ScriptedJournal(segmentSize: segmentSize))
        for _ in 0..<count {
            let step = generator.step(simulation.model)
            let explanation = simulation.take(step) ?? simulation.compareRecovered()
            if let explanation { return simulation.mismatch(explanation) }
        }
        return nil
    }

    private func compareRecovered() -> String? {
        guard let journal = engine.journal else { return nil }
        do {
            let recovered = try journal.recover(settings, now: engine.now)
            let (lived, read) = (engine.broker.account, recovered.account)
            for (line, other) in zip(lived, read) where line != other {
                return "the broker knows      \(line)\n  but the recovered one \(other)"
            }
            guard lived.count == read.count else {
                let longer = lived.count > read.count ? lived : read
                let who = lived.count > read.count ? "the broker" : "the recovered one"
                return "only \(who) knows  \(longer[min(lived.count, read.count)])"
            }
            return recovered.firstBrokenInvariant.map { "recovered, broken invariant: \($0)" }
        } catch {
            return "recovery fails: \(error)"
        }
    }

    /// The same steps, or some of them, with the limits of a seed.
    static func replay(_ steps: [Step], seed: UInt64) -> Mismatch? {
        var generator = Generator(seed: seed)
        return check(steps, limits: generator.limits())
    }

    /// Steps that were thought of, not drawn.
    static func check(_ steps: [Step], limits: ModelLimits = ModelLimits()) -> Mismatch? {
        var simulation = Simulation(limits: limits)
        for step in steps {
            if let explanation = simulation.take(step) { return simulation.mismatch(explanation) }
        }
        return nil
    }

    /// The fewest steps that still disagree, as far as leaving out some of them at a time leads.
    static func minimized(_ mismatch: Mismatch, seed: UInt64) -> Mismatch {
        var smallest = mismatch
        var length = max(1, smallest.steps.count / 2)
        while true {
            var start = 0
            while start < smallest.steps.count {
                var shorter = smallest.steps
                shorter.removeSubrange(start..<min(start + length, shorter.count))
                if let found = replay(shorter, seed: seed) { smallest = found } else { start += length }
            }
            if length == 1 { return smallest }
            length /= 2
        }
    }

    private func mismatch(_ explanation: String) -> Mismatch {
        Mismatch(steps: steps, trace: trace, explanation: explanation)
    }

    /// From the next step on, the model refuses what brings something new, or does not; and without room, everything
    /// that is recorded.
    mutating func noteJournal(isFull: Bool, hasRoom: Bool) {
        model.journalIsFull = isFull
        model.journalHasRoom = hasRoom
    }

    /// Takes one step with both. Returns how they disagree, nil if they do not.
    mutating func take(_ step: Step) -> String? {
        steps.append(step)
        model.meetDeadlines()
        switch step.event {
        case .pass(let milliseconds):
            trace.append("+\(milliseconds) ms")
            engine.pass(milliseconds)
            model.pass(milliseconds)
        case .close:
            trace.append("\(step.peer): closes")
            connections[step.peer].close()
            connections[step.peer] = engine.connect()
            model.close(step.peer)
            model.connect(step.peer)
        case .request(let action, let tag):
            let action = action.naming { receipts.receipt(of: $0) != nil }
            let line = action.json(tag: tag) { receipts.receipt(of: $0) }
            trace.append("\(step.peer) > \(line)")
            engine.handle(line, from: connections[step.peer])
            model.perform(action, from: step.peer, tag: tag)
        }
        return compare()
    }

    private mutating func compare() -> String? {
        for peer in 0..<Self.peerCount {
            let actual = connections[peer].takeLines()
            let expected = model.takeLines(of: peer)
            for line in actual { trace.append("    \(peer) < \(line)") }
            for index in 0..<max(actual.count, expected.count) {
                let line = index < actual.count ? actual[index] : nil
                let wanted = index < expected.count ? expected[index] : nil
                if let line, let wanted, receipts.agree(line, wanted) { continue }
                return "connection \(peer) was sent  \(line ?? "nothing")\n"
                    + "  but the model says   \(wanted ?? "nothing")"
            }
        }
        return isAudited ? engine.firstBrokenInvariant.map { "broken invariant: \($0)" } : nil
    }
}
