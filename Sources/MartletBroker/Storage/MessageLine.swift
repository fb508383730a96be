/// Messages in the order of their ids, wherever they come in: ready ones of one priority, or those that wait in a
/// group.
///
/// There is a list for what comes in order, which costs O(1), and a heap for what comes back into the middle, O(log n).
/// The first is the lower id of the two fronts. A message stands in one line at most, and its `standing` says in which
/// of the two parts.
struct MessageLine {
    private var list = MessageList()
    private var heap = MessageHeap()

    var isEmpty: Bool { list.isEmpty && heap.count == 0 }

    /// The message with the lowest id; 0 if there is none.
    @inline(__always)
    func first(in messages: borrowing Slab<Message>) -> UInt32 {
        let listed = list.first
        guard let heaped = heap.first else { return listed }
        return listed != 0 && messages[listed].id < messages[heaped].id ? listed : heaped
    }

    @inline(__always)
    mutating func insert(_ slot: UInt32, _ message: MessageRecord, in messages: borrowing Slab<Message>) {
        let id = message.pointee.id
        if list.last == 0 || messages[list.last].id < id {
            list.append(slot, message, in: messages)
            message.pointee.standing = .list
        } else if id < messages[list.first].id {
            list.insert(slot, message, before: list.first, in: messages)
            message.pointee.standing = .list
        } else {
            heap.insert(slot, in: messages)
            message.pointee.standing = .heap
        }
    }

    @inline(__always)
    mutating func remove(_ slot: UInt32, _ message: MessageRecord, in messages: borrowing Slab<Message>) {
        switch message.pointee.standing {
        case .list: list.remove(message, in: messages)
        case .heap: heap.remove(slot, in: messages)
        case .none: preconditionFailure("only a message that stands in a line leaves it")
        }
        message.pointee.standing = .none
    }

    /// The first `count` messages.
    func prefix(_ count: Int, in messages: borrowing Slab<Message>) -> [UInt32] {
        let listed = list.prefix(count, in: messages)
        guard heap.count > 0 else { return listed }
        return merge(listed, heap.lowest(count, in: messages), count, messages)
    }

    /// The first `count` messages that are in a state; looks at all of them if there are fewer.
    func prefix(_ count: Int, _ state: Message.State, in messages: borrowing Slab<Message>) -> [UInt32] {
        var listed: [UInt32] = []
        var slot = list.first
        while slot != 0, listed.count < count {
            if messages[slot].state == state { listed.append(slot) }
            slot = messages[slot].next
        }
        guard heap.count > 0 else { return listed }
        return merge(listed, heap.lowest(count, state, in: messages), count, messages)
    }

    private func merge(
        _ listed: [UInt32],
        _ heaped: [UInt32],
        _ count: Int,
        _ messages: borrowing Slab<Message>
    ) -> [UInt32] {
        var merged: [UInt32] = []
        var (left, right) = (0, 0)
        while merged.count < count, left < listed.count || right < heaped.count {
            let isListed =
                right == heaped.count
                || left < listed.count && messages[listed[left]].id < messages[heaped[right]].id
            merged.append(isListed ? listed[left] : heaped[right])
            if isListed { left += 1 } else { right += 1 }
        }
        return merged
    }

    func checkInvariants(in messages: borrowing Slab<Message>) {
        heap.checkInvariants(in: messages)
        var last = 0
        for slot in list.prefix(.max, in: messages) {
            precondition(messages[slot].id > last, "a list is in the order of its ids")
            last = messages[slot].id
        }
    }
}
