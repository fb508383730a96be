/// A queue of the reference model: an array of messages in the order of their ids, and whoever waits for them.
struct ModelQueue {
    let name: String
    /// Never used for another queue, not even of the same name.
    let birth: Int
    /// Used again once the queue is gone; copies of a `publish` are made in this order.
    var place: Int
    var settings: ModelSettings
    var isAutoCreated: Bool
    /// The connection whose temporary queue it is.
    var owner: Int?
    var messages: [ModelMessage] = []
    var lastID = 0
    var sendIsPaused = false
    var receiveIsPaused = false
    /// The consumers that could take a message, in the order in which they are served.
    var line: [Int] = []
    var dedup: [(key: String, id: Int, seenAt: Int)] = []
    var history: [ModelRecord] = []
    var patterns: [String] = []

    /// Deliveries that `rate` allows for, as of `filledAt`; nil before the first.
    var tokens: Double?
    var filledAt = 0
    var rateTimer: ModelTimer?
    var unusedTimer: ModelTimer?
    var lastUsed: Int

    // Totals.
    var sent = 0
    var received = 0
    var deleted = 0
    var expired = 0
    var dropped = 0
    var redelivered = 0
    var deadLettered = 0

    init(name: String, birth: Int, place: Int, settings: ModelSettings, isAutoCreated: Bool, now: Int) {
        self.name = name
        self.birth = birth
        self.place = place
        self.settings = settings
        self.isAutoCreated = isAutoCreated
        lastUsed = now
    }

    func index(of id: Int) -> Int? { messages.firstIndex { $0.id == id } }

    func count(_ state: String) -> Int { messages.filter { $0.state.name == state }.count }

    var bytes: Int { messages.reduce(0) { $0 + $1.storedBytes } }

    // MARK: Which message leaves

    /// Whether its group lets a ready message go: it is the first of those not delivered, and not too many are leased.
    func groupAllows(_ message: ModelMessage) -> Bool {
        guard let group = message.draft.group else { return true }
        let members = messages.filter { $0.draft.group == group }
        let first = members.first { $0.state == .ready || $0.isDelayed }
        return first?.id == message.id && members.filter { $0.lease != nil }.count < settings.groupConcurrency
    }

    /// The messages that may be delivered, in the order in which they leave.
    var deliverable: [ModelMessage] {
        messages.filter { $0.state == .ready && groupAllows($0) }
            .sorted { ($1.draft.priority ?? 4, $0.id) < ($0.draft.priority ?? 4, $1.id) }
    }

    // MARK: Room

    /// Messages and bytes that count against the limits: what is dead does not.
    var living: [ModelMessage] { messages.filter { !$0.isDead } }

    var isOverLimits: Bool {
        let living = living
        return settings.maxMessages > 0 && living.count > settings.maxMessages
            || settings.maxBytes > 0 && living.reduce(0) { $0 + $1.storedBytes } > settings.maxBytes
    }

    /// Whether one more message is within the limits, or can be made so by dropping what is not leased.
    func hasRoom(forBytes bytes: Int) -> Bool {
        let staying = settings.dropsOldest ? living.filter { $0.lease != nil } : living
        let stayingBytes = staying.reduce(0) { $0 + $1.storedBytes }
        return (settings.maxMessages == 0 || staying.count + 1 <= settings.maxMessages)
            && (settings.maxBytes == 0 || stayingBytes + bytes <= settings.maxBytes)
    }

    // MARK: Rate

    private var capacity: Double { settings.burst > 0 ? Double(settings.burst) : max(1, settings.rate) }

    private mutating func fill(_ now: Int) -> Double {
        let filled = tokens.map { min(capacity, $0 + Double(now - filledAt) * settings.rate / 1000) } ?? capacity
        filledAt = now
        tokens = filled
        return filled
    }

    /// Takes one of the deliveries that the rate allows for.
    mutating func takeToken(now: Int) -> Bool {
        let filled = fill(now)
        guard filled >= 1 else { return false }
        tokens = filled - 1
        return true
    }

    mutating func nextToken(now: Int) -> Int {
        now + Int(max(0, (1 - fill(now)) * 1000 / settings.rate).rounded(.up))
    }
}

struct ModelTimer {
    var deadline: Int
    /// Of two timers for one instant, the one that was set first goes off first.
    var armed: Int
}

/// How a message has ended.
struct ModelRecord {
    let id: Int
    let producer: String?
    let consumer: String?
    let sentAt: Int
    let endedAt: Int
    let outcome: String
    let attempts: Int

    var json: String {
        "{\"id\":\(id),\"producer\":\(quoted(producer)),\"consumer\":\(quoted(consumer)),\"sent_at\":\(sentAt)"
            + ",\"ended_at\":\(endedAt),\"outcome\":\"\(outcome)\",\"attempts\":\(attempts)}"
    }

    private func quoted(_ name: String?) -> String { name.map { "\"\($0)\"" } ?? "null" }
}
