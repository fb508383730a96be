/// What a request, or the passing of time, does to the durable state: the only way in which it changes.
///
/// Changes are decided first, by reading only; then recorded; then applied, which cannot fail. They name messages and
/// queues by their numbers in the broker's tables, and texts by slices that live as long as the plan that holds them.
enum Change: BitwiseCopyable {
    case sent(NewMessage)
    /// A consumer was handed a message until a monotonic millisecond.
    case leased(message: UInt32, serial: UInt64, until: Int, session: UInt32, consumer: UInt32, keep: Bool)
    case extended(message: UInt32, until: Int)
    /// A lease ended without the message being settled; it is ready at once, or at a monotonic millisecond.
    case returned(message: UInt32, readyAt: Int, counts: Bool)
    /// A delay is over.
    case readied(message: UInt32)
    /// It stays in its queue, set aside.
    case died(message: UInt32, Death)
    /// It goes to another queue, under a new id.
    case deadLettered(message: UInt32, to: UInt32, id: Int, Death)
    case redriven(message: UInt32)
    case moved(message: UInt32, to: UInt32, id: Int)
    case removed(message: UInt32, Removal, by: UInt32)
    /// The oldest messages that are not leased go until the queue is within its limits.
    case trimmed(queue: UInt32)
    /// A queue is as the plan's declaration of this number says; it is created if it is not there.
    case declared(declaration: Int)
    case dropped(queue: UInt32)
    case paused(queue: UInt32, send: Bool, receive: Bool)
    case bound(binding: Int)
    case unbound(binding: Int)
}

extension Change {
    /// A message as it was sent.
    struct NewMessage: BitwiseCopyable {
        var queue: UInt32
        var id: Int
        var priority: UInt8
        /// Monotonic milliseconds; 0 for at once.
        var readyAt: Int
        /// Unix milliseconds; 0 for never.
        var expiresAt: Int
        var body: UnsafeRawBufferPointer
        /// In the plan's text: the members that a delivery shows.
        var members: TextRange
        var group: UnsafeRawBufferPointer
        var dedup: UnsafeRawBufferPointer
        /// The key's `keyHash`.
        var dedupHash: UInt32 = 0
    }

    /// Why a message died, and what its delivery shows of that.
    struct Death: BitwiseCopyable {
        enum Cause: UInt8, BitwiseCopyable { case rejected, attempts, expired }
        var cause: Cause
        /// In the plan's text: `,"origin":{…}`.
        var origin: TextRange
        var session: UInt32
    }

    /// Why a message has left its queue for good.
    enum Removal: UInt8, BitwiseCopyable {
        /// Settled by a consumer.
        case deleted
        /// Handed over with `auto_delete`.
        case taken
        case expired
        case purged
    }

    /// A slice of a plan's text.
    struct TextRange: BitwiseCopyable {
        var offset = 0
        var count = 0
    }
}

/// Some of the states of messages.
struct StateSet: OptionSet, BitwiseCopyable {
    let rawValue: UInt8

    init(rawValue: UInt8) { self.rawValue = rawValue }
    init(_ state: Message.State) { rawValue = 1 << state.rawValue }

    static let ready = StateSet(.ready)
    static let delayed = StateSet(.delayed)
    static let leased = StateSet(.leased)
    static let dead = StateSet(.dead)
    static let notLeased: StateSet = [.ready, .delayed, .dead]
    static let all: StateSet = [.ready, .delayed, .leased, .dead]

    func contains(_ state: Message.State) -> Bool { contains(StateSet(state)) }
}
