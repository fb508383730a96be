/// The messages of one ordering key in one queue: delivered strictly in the order in which they were sent, at most
/// `group_concurrency` leased at a time.
///
/// The undelivered messages, ready or delayed, stand in the order of their ids. Only the first of them can be
/// delivered: then it is the `offered` one and stands among its queue's ready messages, and the others are `waiting`. A
/// delayed message at the front holds back those behind it; a dead one has left the group and holds back nothing.
struct Group {
    let name: String
    /// Of its name.
    let hash: UInt32
    var waiting = MessageLine()
    /// Messages of the queue that carry the key, whatever their state.
    var members = 0
    var leased = 0
    /// The message that stands among the queue's ready ones for this group; 0 if none may be delivered.
    var offered: UInt32 = 0
}

/// The groups of one queue. A group exists while there are messages that carry its key.
struct GroupTable: ~Copyable {
    private static let none = Group(name: "", hash: 0)

    private var numbers = HashIndex()
    /// Number 0 is never given out: it stands for "no group".
    private var groups = ChunkedDeque([none])
    private var vacant: [UInt32] = []

    var count: Int { numbers.count }
    /// Above the number of every group.
    var capacity: Int { groups.count }

    subscript(number: UInt32) -> Group {
        _read { yield groups[Int(number)] }
        _modify { yield &groups[Int(number)] }
    }

    /// The numbers of the groups that exist, in ascending order.
    var numbersInUse: some Sequence<UInt32> {
        (0..<UInt32(groups.count)).lazy.filter { [groups] in groups[Int($0)].members > 0 }
    }

    mutating func number(of name: UnsafeRawBufferPointer) -> UInt32 {
        let hash = keyHash(name)
        if let number = numbers.find(hash, where: { groups[Int($0)].name.hasBytes(name) }) { return number }
        let group = Group(name: String(decoding: name, as: UTF8.self), hash: hash)
        let number: UInt32
        if let free = vacant.popLast() {
            number = free
            groups[Int(number)] = group
        } else {
            number = UInt32(groups.count)
            groups.append(group)
        }
        numbers.insert(hash, number)
        return number
    }

    /// One message fewer carries the key; the last one takes the group with it.
    mutating func removeMember(of number: UInt32) {
        groups[Int(number)].members -= 1
        guard groups[Int(number)].members == 0 else { return }
        numbers.remove(groups[Int(number)].hash, number)
        groups[Int(number)] = Self.none
        vacant.append(number)
        // The memory of a burst goes with its last group.
        if count == 0, vacant.count > 4096 { self = GroupTable() }
    }
}
