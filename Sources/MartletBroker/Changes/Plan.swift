import MartletProtocol

/// What has been decided for one request and not yet been done.
///
/// A request that does several things (a batch, a publish, an `atomic`) is decided as a whole before any of it is
/// applied, so that a failure leaves nothing behind. What the later parts must know of the earlier ones is noted here.
struct Plan: ~Copyable {
    struct Declaration {
        let queue: UInt32
        let settings: QueueSettings
    }

    struct Binding {
        let queue: UInt32
        let pattern: String
    }

    /// Where a message will be once the plan is carried out.
    enum Fate {
        /// Deleted, or moved to another queue.
        case gone
        case state(Message.State)

        var state: Message.State? { if case .state(let state) = self { state } else { nil } }
        var isGone: Bool { state == nil }
        /// Whether it counts against its queue's limits.
        var isLiving: Bool { state != nil && state != .dead }
        var isLeased: Bool { state == .leased }
    }

    var changes = Arena<Change>(capacity: 64)
    var declarations: [Declaration] = []
    var bindings: [Binding] = []
    /// Members and origins, as they will be shown.
    var text = ByteBuffer(capacity: 4096)
    /// Bytes of memory that the messages to be sent will take.
    var addedBytes = 0
    /// Bytes of their groups' names and dedup keys.
    var addedKeyBytes = 0
    /// Queues that have been created for this request; they go again if it fails.
    var created: [Queue] = []
    /// Queues whose `planned` counts are in use.
    var queues: [Queue] = []
    /// Whether more than one part is decided before the first is applied.
    var isCompound = false
    /// What becomes of the messages that an earlier part settles.
    var fates: [UInt32: Fate] = [:]
    var dedup = PlannedKeys()
    /// Bytes that its entry of the journal may take, besides what stands in the request itself. An entry has 2^30 bytes
    /// at most: that leaves room for a line, and for stating queues with many bindings.
    var maximumSize = 1 << 30 - Limits.longestLine - 64 << 20
    /// Queues that may have to drop their oldest messages once everything else is done.
    var overflowing: [UInt32] = []

    var isEmpty: Bool { changes.isEmpty }
    /// How many messages it concerns.
    var messageCount: Int { changes.count - declarations.count - bindings.count }

    /// No less than the bytes that its entry takes besides what stands in the request itself.
    var size: Int {
        text.count + changes.count * (hasHistory ? 2_000 : 500)
    }

    /// Whether a queue that it concerns has one: then a record says who sent a message and who settled it.
    var hasHistory: Bool { queues.contains { $0.settings.history > 0 } }

    func slice(_ range: Change.TextRange) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: text.bytes[range.offset..<range.offset + range.count])
    }

    @inline(__always)
    mutating func removeAll() {
        changes.removeAll(keeping: 16_384)
        if text.count > 0 { text.truncate(to: 0, keepingCapacity: 1 << 20) }
        addedBytes = 0
        addedKeyBytes = 0
        if !overflowing.isEmpty { overflowing.removeAll(keepingCapacity: true) }
        if !queues.isEmpty {
            for queue in queues { queue.planned = PlannedMessages() }
            queues.removeAll(keepingCapacity: true)
        }
        guard isCompound || !declarations.isEmpty || !bindings.isEmpty else { return }
        created.removeAll(keepingCapacity: true)
        declarations.removeAll()
        bindings.removeAll()
        isCompound = false
        fates.removeAll()
        dedup.removeAll()
    }
}

/// What a plan will bring to a queue, or take from it.
struct PlannedMessages: Equatable {
    var isInUse = false
    /// Whether it is among the plan's overflowing ones.
    var overflows = false
    /// Ids given out.
    var ids = 0
    /// Messages, and their payload bytes, that count against the queue's limits.
    var count = 0
    var bytes = 0
    /// The leased ones of them.
    var leased = 0
    var leasedBytes = 0
}
