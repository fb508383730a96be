import MartletProtocol

/// One connection, as the core knows it: what it holds, and in which order it is answered.
final class Session {
    /// Its place in the broker's table; 0 is no session.
    let index: UInt32
    let generation: UInt32
    let loop: Int
    /// What its loop knows it by.
    let connection: UInt64
    /// The `name` of its hello as a JSON string, quotes and escapes included; empty if it has given none.
    var quotedName = ""
    var replies = ReplyOrder()
    /// Bytes in outboxes or at its loop that the kernel has not taken yet.
    var owedBytes = 0
    /// Its peer owes us so much reading that its consumers have stepped out of their lines.
    var isCongested = false
    /// Nothing more is handled for it: its last line is on its way.
    var isClosing = false
    /// Nothing more is handled for it: its last line leaves behind those that it still waits for.
    var closesWhenAnswered = false
    /// Its connection is gone; what it has leased comes back by and by.
    var isGone = false
    /// Nothing is handed to it any more: its peer has sent its last byte, or has said that it quits.
    var hasEnded = false
    /// Its leases, from the newest to the oldest.
    var firstLease: UInt32 = 0
    var lastLease: UInt32 = 0
    var firstConsumer: UInt32 = 0
    var subscriptionCount = 0
    var lastSubscription = 0
    /// The indexes of the temporary queues that go with it, in the order of their declaration.
    var temporaryQueues: [UInt32] = []

    init(index: UInt32, generation: UInt32, loop: Int, connection: UInt64) {
        self.index = index
        self.generation = generation
        self.loop = loop
        self.connection = connection
    }

    var id: SessionID { SessionID(index: index, generation: generation) }
}
