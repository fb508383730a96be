/// The broker in plain arrays and obvious code, written from the protocol: what the core is compared with.
///
/// It does what is asked at once, step after step, and forgets everything when a request fails by going back to a copy
/// of itself. It is slow, it holds no bytes, and nothing in it is clever. Replies and events are told as the lines that
/// are to come; a receipt is written `ID.#N`, where N numbers the leases.
///
///     var model = Model(limits: ModelLimits(), now: 1_700_000_000_000)
///     model.connect(0)
///     model.perform(.send(queue: "a", [Draft()], isBatch: false), from: 0, tag: nil)
///     model.takeLines(of: 0)      // ["{\"ok\":true,\"id\":1}"]
struct Model {
    let limits: ModelLimits
    /// Messages that the parts of an `atomic` so far are about.
    var messagesAtOnce = 0
    /// Unix milliseconds.
    var now: Int
    var queues: [ModelQueue] = []
    var peers: [Int: ModelPeer] = [:]
    var consumers: [ModelConsumer] = []
    /// Queues in which there may be something to hand over, in the order in which that came about.
    var woken: [String] = []
    var leaseCount = 0
    /// Numbers events, so that what comes first stays first.
    private var eventCount = 0
    private var consumerCount = 0
    private var queueCount = 0
    var freePlaces: [Int] = []
    /// Queues that the request being carried out has named; being named is use even if the request fails.
    var named: Set<String> = []
    /// Lines that leave behind the reply of the request being carried out.
    private var deferred: [Deferred] = []
    private var isDeciding = false
    /// Within an `atomic`, queues are brought within their limits once, at its end.
    var trimsLater = false
    var toTrim: [String] = []
    /// Within an `atomic`, the last id of each queue when it began: what it sends itself cannot be named in it.
    var lastNameable: [String: Int]?
    /// The journal has no space for anything new.
    var journalIsFull = false
    /// It has space for what settles messages.
    var journalHasRoom = true
    /// What connections that have gone left behind, and what waits for room in the journal of it.
    var jobs: [ModelJob] = []
    /// The model as it was whenever something had become true as a whole; nil if nobody asks.
    var moments: [Model]?

    private enum Deferred {
        case line(peer: Int, String)
        case answer(peer: Int, number: Int, String)
    }

    init(limits: ModelLimits, now: Int) {
        self.limits = limits
        self.now = now
    }

    mutating func nextEvent() -> Int {
        eventCount += 1
        return eventCount
    }

    mutating func nextConsumer() -> Int {
        consumerCount += 1
        return consumerCount
    }

    /// What has been done so far is whole: a power cut may come between it and what follows, but within neither. The
    /// parts of an `atomic` are not.
    /// - Parameter created: queues that belong to what follows.
    mutating func noteMoment(before created: Set<String> = []) {
        guard moments != nil, !trimsLater else { return }
        var moment = self
        moment.moments = nil
        moment.isDeciding = false
        moment.deferred = []
        moment.queues.removeAll { created.contains($0.name) }
        moments?.append(moment)
    }

    // MARK: Connections

    mutating func connect(_ peer: Int) { peers[peer] = ModelPeer() }

    mutating func takeLines(of peer: Int) -> [String] {
        let lines = peers[peer]?.lines ?? []
        peers[peer]?.lines = []
        return lines
    }

    /// What goes with a connection: its consumers, its temporary queues, its leases in the order in which it took them.
    mutating func close(_ peer: Int) {
        for consumer in consumers where consumer.peer == peer {
            forgetCredit(of: consumer.id)
            remove(consumer.id)
        }
        leaveQueues(of: peer)
        leaveLeases(of: peer)
        peers[peer] = nil
        continueJobs()
        dispatchWoken()
    }

    // MARK: Requests

    mutating func perform(_ action: Action, from peer: Int, tag: Int?) {
        let before = self
        named = []
        isDeciding = true
        let head = tag.map { ",\"tag\":\($0)" } ?? ""
        var text: String?
        do throws(ModelFailure) {
            if !journalHasRoom, action.isRecorded { throw ModelFailure("not_durable") }
            text = try carryOut(action, from: peer, tag: tag).map { "{\"ok\":true\(head)\($0)}" }
        } catch {
            let used = named
            self = before
            for index in queues.indices where used.contains(queues[index].name) { queues[index].lastUsed = now }
            let place = error.index.map { ",\"index\":\($0)" } ?? ""
            text = "{\"ok\":false\(head),\"error\":\"\(error.code)\"\(place)}"
        }
        isDeciding = false
        noteMoment()
        if let text { reply(text, to: peer) }
        flush()
        dispatchWoken()
    }

    private mutating func reply(_ text: String, to peer: Int) {
        if peers[peer]?.replies.isEmpty ?? true {
            peers[peer]?.lines.append(text)
        } else {
            peers[peer]?.replies.append(ModelPeer.Reply(number: 0, text: text))
        }
    }

    private mutating func flush() {
        let lines = deferred
        deferred = []
        for line in lines {
            switch line {
            case .line(let peer, let text): emit(text, to: peer)
            case .answer(let peer, let number, let text): answer(number, of: peer, text)
            }
        }
    }

    /// A line that comes by itself.
    mutating func emit(_ text: String, to peer: Int) {
        if isDeciding { return deferred.append(.line(peer: peer, text)) }
        peers[peer]?.lines.append(text)
    }

    /// The reply to a receive that has waited; those that it held back follow.
    mutating func answer(_ number: Int, of peer: Int, _ text: String) {
        if isDeciding { return deferred.append(.answer(peer: peer, number: number, text)) }
        guard let place = peers[peer]?.replies.firstIndex(where: { $0.number == number }) else { return }
        peers[peer]?.replies[place].text = text
        while let first = peers[peer]?.replies.first, let text = first.text {
            peers[peer]?.lines.append(text)
            peers[peer]?.replies.removeFirst()
        }
    }

    // MARK: Queues

    func index(of name: String) -> Int? { queues.firstIndex { $0.name == name } }

    mutating func existing(_ name: String) throws(ModelFailure) -> Int {
        named.insert(name)
        guard let index = index(of: name) else { throw ModelFailure("no_queue") }
        queues[index].lastUsed = now
        return index
    }

    /// The queue of this name, created if need be.
    mutating func forUse(_ name: String) throws(ModelFailure) -> Int {
        if index(of: name) != nil { return try existing(name) }
        guard limits.autoCreate else { throw ModelFailure("no_queue") }
        return try create(name, settings: limits.initialSettings(of: name), isAutoCreated: true)
    }

    mutating func create(_ name: String, settings: ModelSettings, isAutoCreated: Bool) throws(ModelFailure) -> Int {
        try checkJournalTakesMore()
        guard queues.count < limits.queues else { throw ModelFailure("too_many") }
        queueCount += 1
        let place = freePlaces.popLast() ?? queues.count
        var queue = ModelQueue(
            name: name,
            birth: queueCount,
            place: place,
            settings: settings,
            isAutoCreated: isAutoCreated,
            now: now
        )
        if isAutoCreated, settings.expireUnused > 0 {
            queue.unusedTimer = ModelTimer(deadline: now + settings.expireUnused, armed: nextEvent())
        }
        queues.append(queue)
        return queues.count - 1
    }

    func checkJournalTakesMore() throws(ModelFailure) {
        if journalIsFull { throw ModelFailure("not_durable") }
    }

    /// A queue goes, with its messages and bindings; those who wait only for it are told.
    mutating func drop(_ name: String) {
        guard let index = index(of: name) else { return }
        dismissConsumers(of: name)
        purge(index, where: { _ in true })
        freePlaces.append(queues[index].place)
        queues.remove(at: index)
    }
}

/// The limits that a simulation sets.
struct ModelLimits {
    var queues = 100
    var waitingReceivers = 100
    var subscriptions = 100
    var bindings = 100
    /// Messages that a batch, a publish or an `atomic` is about.
    var batch = 10_000
    var autoCreate = true
    /// Messages that the core hands over in one go: more than there are here, or queues would take turns, of which the
    /// model knows nothing.
    var handOversAtOnce = 2_000

    /// What the configuration says of queues by their name.
    func initialSettings(of name: String) -> ModelSettings {
        var settings = ModelSettings()
        if name.hasPrefix("auto.") { settings.expireUnused = 300 }
        return settings
    }
}
