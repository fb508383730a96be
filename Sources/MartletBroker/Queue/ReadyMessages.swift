/// The messages of one queue that could be delivered now, by priority and then in the order in which they were sent.
///
/// There is a line for each of the ten priorities. The next message is the first of the highest priority in use.
///
/// Unsafe memory: `lines` holds `count` initialised lines; a priority is below that.
struct ReadyMessages: ~Copyable {
    private static let count = 10
    private let lines = UnsafeMutablePointer<MessageLine>.allocate(capacity: count)
    /// Bit p: there are messages of priority p.
    private var occupied: UInt16 = 0

    init() { lines.initialize(repeating: MessageLine(), count: Self.count) }

    deinit {
        lines.deinitialize(count: Self.count)
        lines.deallocate()
    }

    var isEmpty: Bool { occupied == 0 }
    /// The lines from the lowest priority up.
    private var all: UnsafeBufferPointer<MessageLine> { UnsafeBufferPointer(start: lines, count: Self.count) }

    /// The message that leaves next; 0 if there is none.
    @inline(__always)
    func first(in messages: borrowing Slab<Message>) -> UInt32 {
        guard occupied != 0 else { return 0 }
        return lines[15 - occupied.leadingZeroBitCount].first(in: messages)
    }

    @inline(__always)
    mutating func insert(_ slot: UInt32, _ message: MessageRecord, in messages: borrowing Slab<Message>) {
        lines[Int(message.pointee.priority)].insert(slot, message, in: messages)
        occupied |= 1 << UInt16(message.pointee.priority)
    }

    @inline(__always)
    mutating func remove(_ slot: UInt32, _ message: MessageRecord, in messages: borrowing Slab<Message>) {
        let line = lines + Int(message.pointee.priority)
        line.pointee.remove(slot, message, in: messages)
        if line.pointee.isEmpty { occupied &= ~(1 << UInt16(message.pointee.priority)) }
    }

    /// The next `count` messages in the order in which they would leave.
    func prefix(_ count: Int, in messages: borrowing Slab<Message>) -> [UInt32] {
        var slots: [UInt32] = []
        for line in all.reversed() where slots.count < count && !line.isEmpty {
            slots += line.prefix(count - slots.count, in: messages)
        }
        return slots
    }

    func checkInvariants(in messages: borrowing Slab<Message>) {
        for (priority, line) in all.enumerated() {
            precondition(line.isEmpty == (occupied & 1 << UInt16(priority) == 0), "a bit is set where messages are")
            line.checkInvariants(in: messages)
        }
    }
}
