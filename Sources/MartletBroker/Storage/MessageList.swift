/// A doubly linked list of messages through their `previous` and `next`: O(1) at both ends and in the middle.
struct MessageList: BitwiseCopyable {
    private(set) var first: UInt32 = 0
    private(set) var last: UInt32 = 0

    var isEmpty: Bool { first == 0 }

    mutating func append(_ slot: UInt32, in messages: borrowing Slab<Message>) {
        insert(slot, before: 0, in: messages)
    }

    /// Puts a message before another one; before none is at the end.
    mutating func insert(_ slot: UInt32, before next: UInt32, in messages: borrowing Slab<Message>) {
        let previous = next == 0 ? last : messages[next].previous
        messages[slot].previous = previous
        messages[slot].next = next
        if previous == 0 { first = slot } else { messages[previous].next = slot }
        if next == 0 { last = slot } else { messages[next].previous = slot }
    }

    mutating func remove(_ slot: UInt32, in messages: borrowing Slab<Message>) {
        let previous = messages[slot].previous
        let next = messages[slot].next
        if previous == 0 { first = next } else { messages[previous].next = next }
        if next == 0 { last = previous } else { messages[next].previous = previous }
        messages[slot].previous = 0
        messages[slot].next = 0
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
