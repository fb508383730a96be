/// What the broker keeps of one message besides its payload: flat, small, linked by slot numbers.
///
/// A million of these are 56 MB, so every field is as narrow as its meaning allows.
struct Message: BitwiseCopyable {
    enum State: UInt8, BitwiseCopyable, CaseIterable {
        case ready, delayed, leased, dead
    }

    /// Where a ready message that may be delivered stands; the others wait behind their group's head.
    enum Standing: UInt8, BitwiseCopyable {
        case none, list, heap
    }

    /// 1, 2, 3, … within its queue.
    let id: Int
    /// Unix milliseconds.
    let sentAt: Int
    var payload: SegmentStore.Place
    /// The number of its queue in the broker's table.
    var queue: UInt32
    /// Neighbours in one list: of ready messages, of its group, or of its queue's delayed, leased or dead ones.
    var previous: UInt32 = 0
    var next: UInt32 = 0
    /// Its place in a heap of ready messages, or the slot of its lease: a message has at most one of them.
    var place: UInt32 = 0
    /// Its handle among the deadlines; 0 if it waits for no time.
    var timer: UInt32 = 0
    /// Deliveries that count, the running one included.
    var attempts: UInt32 = 0
    /// The slot of its group in its queue; 0 if it has none.
    var group: UInt32 = 0
    var state = State.ready
    let priority: UInt8
    var standing = Standing.none
    /// Whether an envelope stands before the body in the payload.
    var hasEnvelope: Bool
}
