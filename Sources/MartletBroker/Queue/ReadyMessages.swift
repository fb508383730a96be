/// The messages of one queue that could be delivered now, by priority and then in the order in which they were sent.
///
/// For each of the ten priorities there is a list for what comes in order, which costs O(1), and a heap for what comes
/// back into the middle, O(log n). The next message is the lower id of the two fronts of the highest priority in use.
///
/// Unsafe memory: `levels` holds `count` initialised levels; a priority is below that.
struct ReadyMessages: ~Copyable {
    private struct Level {
        var list = MessageList()
        var heap = ReadyHeap()

        var isEmpty: Bool { list.isEmpty && heap.count == 0 }
    }

    private static let count = 10
    private let levels = UnsafeMutablePointer<Level>.allocate(capacity: count)
    /// Bit p: there are messages of priority p.
    private var occupied: UInt16 = 0

    init() { levels.initialize(repeating: Level(), count: Self.count) }

    deinit {
        levels.deinitialize(count: Self.count)
        levels.deallocate()
    }

    var isEmpty: Bool { occupied == 0 }
    /// The levels from the lowest priority up.
    private var all: UnsafeBufferPointer<Level> { UnsafeBufferPointer(start: levels, count: Self.count) }

    /// The message that leaves next; 0 if there is none.
    @inline(__always)
    func first(in messages: borrowing Slab<Message>) -> UInt32 {
        guard occupied != 0 else { return 0 }
        let level = levels + (15 - occupied.leadingZeroBitCount)
        let listed = level.pointee.list.first
        guard let heaped = level.pointee.heap.first else { return listed }
        return listed != 0 && messages[listed].id < messages[heaped].id ? listed : heaped
    }

    @inline(__always)
    mutating func insert(_ slot: UInt32, _ message: MessageRecord, in messages: borrowing Slab<Message>) {
        let level = levels + Int(message.pointee.priority)
        let id = message.pointee.id
        let (first, last) = (level.pointee.list.first, level.pointee.list.last)
        // A message of a group has its links in the group's list.
        let fits = message.pointee.group == 0
        if fits, last == 0 || messages[last].id < id {
            level.pointee.list.append(slot, message, in: messages)
            message.pointee.standing = .list
        } else if fits, id < messages[first].id {
            level.pointee.list.insert(slot, message, before: first, in: messages)
            message.pointee.standing = .list
        } else {
            level.pointee.heap.insert(slot, in: messages)
            message.pointee.standing = .heap
        }
        occupied |= 1 << UInt16(message.pointee.priority)
    }

    @inline(__always)
    mutating func remove(_ slot: UInt32, _ message: MessageRecord, in messages: borrowing Slab<Message>) {
        let level = levels + Int(message.pointee.priority)
        switch message.pointee.standing {
        case .list: level.pointee.list.remove(message, in: messages)
        case .heap: level.pointee.heap.remove(slot, in: messages)
        case .none: preconditionFailure("only a message that stands here is removed from here")
        }
        message.pointee.standing = .none
        if level.pointee.isEmpty { occupied &= ~(1 << UInt16(message.pointee.priority)) }
    }

    /// The next `count` messages in the order in which they would leave.
    func prefix(_ count: Int, in messages: borrowing Slab<Message>) -> [UInt32] {
        var slots: [UInt32] = []
        for level in all.reversed() where slots.count < count && !level.isEmpty {
            let wanted = count - slots.count
            let merged = level.list.prefix(wanted, in: messages) + level.heap.lowest(wanted, in: messages)
            var keyed: [(id: Int, slot: UInt32)] = []
            for slot in merged { keyed.append((messages[slot].id, slot)) }
            slots += keyed.sorted { $0.id < $1.id }.prefix(wanted).map(\.slot)
        }
        return slots
    }

    func checkInvariants(in messages: borrowing Slab<Message>) {
        for (priority, level) in all.enumerated() {
            precondition(level.isEmpty == (occupied & 1 << UInt16(priority) == 0), "a bit is set where messages are")
            level.heap.checkInvariants(in: messages)
            var last = 0
            for slot in level.list.prefix(.max, in: messages) {
                precondition(messages[slot].id > last, "a list of ready messages is in the order of its ids")
                last = messages[slot].id
            }
        }
    }
}
