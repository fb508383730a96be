/// A message of the reference model.
struct ModelMessage {
    enum State: Equatable {
        case ready
        case delayed(until: Int)
        case leased(ModelLease)
        case dead

        var name: String {
            switch self {
            case .ready: "ready"
            case .delayed: "delayed"
            case .leased: "leased"
            case .dead: "dead"
            }
        }
    }

    var id: Int
    let sentAt: Int
    var draft: Draft
    /// The name of the connection that sent it.
    let producer: String?
    let topic: String?
    /// Unix milliseconds.
    var expiresAt: Int?
    /// The `origin` of a delivery, as JSON.
    var origin: String?
    /// The queues in which it has died, by their birth.
    var deaths: Set<Int> = []
    /// Deliveries that count.
    var attempts = 0
    var state = State.ready
    /// When it came into its state, and when its deadline was set, both as numbers that only grow.
    var since = 0
    var armed = 0

    var lease: ModelLease? { if case .leased(let lease) = state { lease } else { nil } }
    var isDelayed: Bool { if case .delayed = state { true } else { false } }
    var isDead: Bool { state == .dead }

    /// When something happens to it by itself: its lease ends, its delay is over or it expires.
    var deadline: Int? {
        switch state {
        case .ready: expiresAt
        case .delayed(let until): expiresAt.map { min($0, until) } ?? until
        case .leased(let lease): lease.until
        case .dead: nil
        }
    }

    /// The members that every delivery shows between the fixed ones and the body.
    var members: String {
        var text = origin.map { ",\"origin\":\($0)" } ?? ""
        if let producer { text += ",\"producer\":\"\(producer)\"" }
        if let headers = draft.headers { text += ",\"headers\":\(headers)" }
        if let group = draft.group { text += ",\"group\":\"\(group)\"" }
        if let topic { text += ",\"topic\":\"\(topic)\"" }
        if let queue = draft.replyTo { text += ",\"reply_to\":\"\(queue)\"" }
        if let correlation = draft.correlation { text += ",\"correlation\":\"\(correlation)\"" }
        return text
    }

    /// What the message counts in `bytes` and against `max_bytes`; protocol.md leaves it open. A message that is only a
    /// body counts its body, any other also the envelope in which the rest is kept.
    var storedBytes: Int {
        let bare = members.isEmpty && expiresAt == nil && deaths.isEmpty
        return draft.body.utf8.count + (bare ? 0 : 20 + 4 * deaths.count + members.utf8.count)
    }
}

struct ModelLease: Equatable {
    /// Leases are numbered in the order in which they were taken; stands for the receipt.
    let number: Int
    /// Nil once a lease with `keep` has outlived its connection.
    var peer: Int?
    /// The subscription whose credit it uses.
    var consumer: Int?
    let keep: Bool
    var until: Int
}

/// What a producer says of a message.
struct Draft {
    var body = "1"
    var priority: Int?
    /// Milliseconds.
    var delay: Int?
    /// Unix milliseconds.
    var at: Int?
    var ttl: Int?
    var headers: String?
    var dedup: String?
    var group: String?
    var replyTo: String?
    var correlation: String?

    /// The members of a `send`.
    var json: String {
        var text = "\"body\":\(body)"
        if let priority { text += ",\"priority\":\(priority)" }
        if let delay { text += ",\"delay\":\(seconds(delay))" }
        if let at { text += ",\"at\":\(at)" }
        if let ttl { text += ",\"ttl\":\(seconds(ttl))" }
        if let headers { text += ",\"headers\":\(headers)" }
        if let dedup { text += ",\"dedup\":\"\(dedup)\"" }
        if let group { text += ",\"group\":\"\(group)\"" }
        if let replyTo { text += ",\"reply_to\":\"\(replyTo)\"" }
        if let correlation { text += ",\"correlation\":\"\(correlation)\"" }
        return text
    }
}
