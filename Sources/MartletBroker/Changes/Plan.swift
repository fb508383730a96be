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

    struct DedupKey: Hashable {
        let queue: UInt32
        let key: String
    }

    var changes = Arena<Change>(capacity: 64)
    var declarations: [Declaration] = []
    var bindings: [Binding] = []
    /// Members and origins, as they will be shown.
    var text = ByteBuffer(capacity: 4096)
    /// Bytes of memory that the messages to be sent will take.
    var addedBytes = 0
    /// Queues that have been created for this request; they go again if it fails.
    var created: [Queue] = []
    /// Queues whose `planned` counts are in use.
    var queues: [Queue] = []
    /// Whether more than one part is decided before the first is applied.
    var isCompound = false
    /// Messages that an earlier part settles: deleted ones, and ones that are merely no longer leased.
    var deleted: Set<UInt32> = []
    var unleased: Set<UInt32> = []
    var dedup: [DedupKey: Int] = [:]

    var isEmpty: Bool { changes.isEmpty }

    func slice(_ range: Change.TextRange) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: text.bytes[range.offset..<range.offset + range.count])
    }

    mutating func removeAll() {
        changes.removeAll(keeping: 16_384)
        if text.count > 0 { text.truncate(to: 0, keepingCapacity: 1 << 20) }
        addedBytes = 0
        if !queues.isEmpty {
            for queue in queues { queue.planned = PlannedMessages() }
            queues.removeAll(keepingCapacity: true)
        }
        guard isCompound || !declarations.isEmpty || !bindings.isEmpty else { return }
        created.removeAll(keepingCapacity: true)
        declarations.removeAll()
        bindings.removeAll()
        isCompound = false
        deleted.removeAll()
        unleased.removeAll()
        dedup.removeAll()
    }
}

/// What a plan will bring to a queue, or take from it.
struct PlannedMessages {
    var isInUse = false
    /// Ids given out.
    var ids = 0
    var count = 0
    var bytes = 0
}
