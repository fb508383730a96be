/// Messages of a line that have come back into its middle: a min-heap by id.
///
/// Each message's `place` is its place here, so that it can be taken out of the middle.
struct MessageHeap {
    private var slots: [UInt32] = []

    var count: Int { slots.count }
    var first: UInt32? { slots.first }

    mutating func insert(_ slot: UInt32, in messages: borrowing Slab<Message>) {
        slots.append(slot)
        siftUp(slots.count - 1, messages)
    }

    mutating func remove(_ slot: UInt32, in messages: borrowing Slab<Message>) {
        let place = Int(messages[slot].place)
        let last = slots.removeLast()
        guard place < slots.count else { return shrink() }
        slots[place] = last
        messages[last].place = UInt32(place)
        if messages[last].id < messages[slot].id { siftUp(place, messages) } else { siftDown(place, messages) }
    }

    /// The slots of the lowest `count` ids, in order: O(count²) at worst, whatever the heap's size, unless all are
    /// asked.
    func lowest(_ count: Int, in messages: borrowing Slab<Message>) -> [UInt32] {
        if count >= slots.count {
            var keyed: [(id: Int, slot: UInt32)] = []
            for slot in slots { keyed.append((messages[slot].id, slot)) }
            return keyed.sorted { $0.id < $1.id }.map(\.slot)
        }
        var found: [UInt32] = []
        var candidates = slots.isEmpty ? [] : [0]
        while found.count < count, !candidates.isEmpty {
            var best = 0
            for index in candidates.indices.dropFirst()
            where messages[slots[candidates[index]]].id < messages[slots[candidates[best]]].id {
                best = index
            }
            let place = candidates.remove(at: best)
            found.append(slots[place])
            candidates += [2 * place + 1, 2 * place + 2].filter { $0 < slots.count }
        }
        return found
    }

    /// The slots of the lowest `count` ids that are in a state, in order: a look at each, whatever the count.
    func lowest(_ count: Int, _ state: Message.State, in messages: borrowing Slab<Message>) -> [UInt32] {
        var keyed: [(id: Int, slot: UInt32)] = []
        var bound = Int.max
        for slot in slots where messages[slot].state == state && messages[slot].id < bound {
            keyed.append((messages[slot].id, slot))
            guard keyed.count - count > count else { continue }
            // Only now and then, so that it costs little for each.
            keyed.sort { $0.id < $1.id }
            keyed.removeLast(keyed.count - count)
            bound = keyed.last?.id ?? 0
        }
        return keyed.sorted { $0.id < $1.id }.prefix(count).map(\.slot)
    }

    private mutating func shrink() {
        if slots.isEmpty, slots.capacity > 4096 { slots = [] }
    }

    private mutating func siftUp(_ start: Int, _ messages: borrowing Slab<Message>) {
        var place = start
        let slot = slots[place]
        let id = messages[slot].id
        while place > 0 {
            let parent = (place - 1) / 2
            guard id < messages[slots[parent]].id else { break }
            put(slots[parent], at: place, messages)
            place = parent
        }
        put(slot, at: place, messages)
    }

    private mutating func siftDown(_ start: Int, _ messages: borrowing Slab<Message>) {
        var place = start
        let slot = slots[place]
        let id = messages[slot].id
        while true {
            var child = 2 * place + 1
            guard child < slots.count else { break }
            if child + 1 < slots.count, messages[slots[child + 1]].id < messages[slots[child]].id { child += 1 }
            guard messages[slots[child]].id < id else { break }
            put(slots[child], at: place, messages)
            place = child
        }
        put(slot, at: place, messages)
    }

    private mutating func put(_ slot: UInt32, at place: Int, _ messages: borrowing Slab<Message>) {
        slots[place] = slot
        messages[slot].place = UInt32(place)
    }

    func checkInvariants(in messages: borrowing Slab<Message>) {
        for (place, slot) in slots.enumerated() {
            precondition(Int(messages[slot].place) == place, "a message knows its place in the heap")
            precondition(place == 0 || messages[slots[(place - 1) / 2]].id < messages[slot].id, "lower ids come first")
        }
    }
}
