/// What is known of one message.
struct Entry {
    /// The request it was sent with.
    let unit: Int
    let queue: AuditQueue
    let group: Int
    /// Its id in its queue, from the reply or from a delivery; 0 if neither has come.
    var id = 0
    var isAcknowledged = false
    var isRefused = false
    /// How often it was handed over.
    var deliveries = 0
    /// When the receive that has brought it last was begun, in steps of the book.
    var seen = 0
    /// Somebody has asked for it to be deleted, moved or rejected.
    var settlingHasBegun = false
    /// How many such requests were never answered: they may have been done.
    var unknownSettlings = 0
    /// When a delete or move was acknowledged; 0 if none was.
    var gone = 0
    /// When a reject was acknowledged.
    var rejected = 0
    /// How often it was there at the end, in its queue and in the graveyard.
    var left = 0
    var leftInGraveyard = 0

    init(unit: Int, queue: AuditQueue, group: Int) {
        self.unit = unit
        self.queue = queue
        self.group = group
    }

    var settlingIsUnknown: Bool { unknownSettlings > 0 }

    /// Its producer was told that it is safe, or somebody has seen it.
    var isPromised: Bool { isAcknowledged || deliveries > 0 || left + leftInGraveyard > 0 }
}

/// One request that sends: one message, a batch, or an atomic that may also take a message away.
struct Unit {
    enum Outcome { case open, acknowledged, refused, unknown }
    let tokens: Range<Int>
    /// The message that it takes away, 0 if none, and when it was asked to.
    let takes: Int
    let begun: Int
    var outcome = Outcome.open
}
