/// A doubly linked list of messages through their `previous` and `next`: O(1) at both ends and in the middle.
struct MessageList: BitwiseCopyable {
    private(set) var first: UInt32 = 0
    private(set) var last: UInt32 = 0

    var isEmpty: Bool { first == 0 }

    @inline(__always)
    mutating func append(_ slot: UInt32, _ message: MessageRecord, in messages: borrowing Slab<Message>) {
        insert(slot, message, before: 0, in: messages)
    }

    /// Puts a message before another one; before none is at the end.
    @inline(__always)
    mutating func insert(
        _ slot: UInt32,
        _ message: MessageRecord,
        before next: UInt32,
        in messages: borrowing Slab<Message>
    ) {
        let previous = next == 0 ? last : messages[next].previous
        message.pointee.previous = previous
        message.pointee.next = next
        if previous == 0 { first = slot } else { messages[previous].next = slot }
        if next == 0 { last = slot } else { messages[next].previous = slot }
    }

    @inline(__always)
    mutating func remove(_ message: MessageRecord, in messages: borrowing Slab<Message>) {
        let previous = message.pointee.previous
        let next = message.pointee.next
        if previous == 0 { first = next } else { messages[previous].next = next }
        if next == 0 { last = previous } else { messages[next].previous = previous }
        message.pointee.previous = 0
        message.pointee.next = 0
    }

    /// The slots of the first `count` messages.
    func prefix(_ count: Int, in messages: borrowing Slab<Message>) -> [UInt32] {
        var slots: [UInt32] = []
        var slot = first
        while slot != 0, slots.count < count {
            slots.append(slot)
            slot = messages[slot].next
        }
        return slots
    }
}
