/// The connections of one loop by slot. All operations take constant time.
struct ConnectionTable {
    private struct Slot {
        var connection: Connection?
        var generation: UInt32 = 0
    }

    private var slots: [Slot] = []
    private var free: [Int] = []

    var count: Int { slots.count - free.count }
    var isEmpty: Bool { count == 0 }

    mutating func insert(descriptor: Int32) -> Connection {
        let slot = free.popLast() ?? slots.count
        if slot == slots.count { slots.append(Slot()) }
        let id = ConnectionID(slot: slot, generation: slots[slot].generation)
        let connection = Connection(descriptor: descriptor, id: id)
        slots[slot].connection = connection
        return connection
    }

    mutating func remove(_ id: ConnectionID) {
        precondition(self[id] != nil, "a connection leaves its table once")
        slots[id.slot].connection = nil
        slots[id.slot].generation = (id.generation &+ 1) & (1 << 31 - 1)
        free.append(id.slot)
    }

    /// The connection, or nil if it has gone.
    subscript(id: ConnectionID) -> Connection? {
        guard id.slot < slots.count, slots[id.slot].generation == id.generation else { return nil }
        return slots[id.slot].connection
    }

    /// The connection that has a slot now.
    subscript(slot slot: Int) -> Connection? { slots[slot].connection }

    /// The connections there are now, in no meaningful order.
    var all: [Connection] { slots.compactMap(\.connection) }
}
