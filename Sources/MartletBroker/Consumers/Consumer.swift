/// Someone who takes messages as they come: a receive that waits, or a subscription.
struct Consumer: BitwiseCopyable {
    enum Kind: UInt8, BitwiseCopyable {
        /// Answered once, with what is there.
        case receive
        /// Handed messages as long as it has credit.
        case subscription
    }

    let kind: Kind
    let session: UInt32
    /// A receive's place in its connection's order of replies; a subscription's number on its connection.
    let number: Int
    /// How many messages a receive takes at most.
    let max: Int
    /// How many more messages a subscription may have leased.
    var credit: Int
    /// Milliseconds; -1 for the queue's own.
    let lease: Int
    let keep: Bool
    let autoDelete: Bool
    /// Whether deliveries name their queue.
    let namesQueue: Bool
    /// The first of its claims; they are linked by `sibling`.
    var firstClaim: UInt32 = 0
    /// The handle of the deadline of a receive; 0 if there is none.
    var timer: UInt32 = 0
    /// Neighbours among the consumers of its session.
    var previous: UInt32 = 0
    var next: UInt32 = 0

    /// Whether it could take a message.
    var isHungry: Bool { kind == .receive || credit > 0 }
}
