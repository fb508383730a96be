import MartletProtocol

/// What is to happen when.
///
///     let handle = deadlines.insert(until: 5_000, payload)
///     deadlines.move(handle, until: 9_000)
///     while let due = deadlines.popDue(at: now) { … }
///
/// Most deadlines are set a fixed time ahead, as leases are, and so come in order: those stand in lists, one for each
/// power of two of the time ahead, where insertion and removal cost O(1). What comes out of order in its list goes to a
/// heap. Of several for one instant, the one that was set first is due first.
///
/// Handles are small numbers, used again after removal; 0 is never given out.
///
/// Invariant: each list is in the order in which its elements are due.
struct Deadlines<Payload: BitwiseCopyable>: ~Copyable {
    // Not private: a debug build of Swift 6.3 fails on an arena of a private type inside a generic one.
    struct Node: BitwiseCopyable {
        var deadline: Int
        var payload: Payload
        /// When it was set, as a number that wraps around: right among deadlines set within two thousand million
        /// others.
        var order: UInt32
        /// Neighbours in its list; of a free node, `next` is the next free one.
        var previous: UInt32 = 0
        var next: UInt32 = 0
        /// Its handle in the heap; 0 if it stands in a list.
        var heaped: UInt32 = 0
        var list: UInt8 = 0

        func isDue(before other: Node) -> Bool {
            deadline != other.deadline
                ? deadline < other.deadline : Int32(truncatingIfNeeded: order &- other.order) < 0
        }
    }

    struct Ends: BitwiseCopyable {
        var first: UInt32 = 0
        var last: UInt32 = 0
    }

    private var nodes = ChunkedArena<Node>()
    /// Node 0 stands for "none".
    private var firstFree: UInt32 = 0
    private var lists = Arena<Ends>(capacity: 64)
    /// Bit n: list n has elements.
    private var occupied: UInt64 = 0
    private var heap = DeadlineHeap<UInt32>()
    private var lastOrder: UInt32 = 0
    /// The instant of the last `popDue`.
    private var now = 0
    private(set) var count = 0

    init(none: Payload) {
        nodes.append(Node(deadline: 0, payload: none, order: 0))
        for _ in 0..<64 { lists.append(Ends()) }
    }

    var nextDeadline: Int? {
        let first = firstDue
        return first == 0 ? nil : nodes[Int(first)].deadline
    }

    func deadline(of handle: UInt32) -> Int { nodes[Int(handle)].deadline }

    @inline(__always)
    mutating func insert(until deadline: Int, _ payload: Payload) -> UInt32 {
        lastOrder &+= 1
        let node = Node(deadline: deadline, payload: payload, order: lastOrder)
        let handle = firstFree
        count += 1
        guard handle != 0 else {
            nodes.append(node)
            enter(UInt32(nodes.count - 1))
            return UInt32(nodes.count - 1)
        }
        let place = nodes.place(Int(handle))
        firstFree = place.pointee.next
        place.initialize(to: node)
        enter(handle)
        return handle
    }

    mutating func move(_ handle: UInt32, until deadline: Int) {
        leave(handle)
        lastOrder &+= 1
        nodes[Int(handle)].deadline = deadline
        nodes[Int(handle)].order = lastOrder
        enter(handle)
    }

    @inline(__always)
    mutating func remove(_ handle: UInt32) {
        leave(handle)
        nodes.place(Int(handle)).pointee.next = firstFree
        firstFree = handle
        count -= 1
        if count == 0, nodes.count > 65_536 { shrink() }
    }

    /// Takes out the first payload whose deadline is `now` or earlier; its handle is free.
    mutating func popDue(at now: Int) -> Payload? {
        self.now = now
        let first = firstDue
        guard first != 0, nodes[Int(first)].deadline <= now else { return nil }
        let payload = nodes[Int(first)].payload
        remove(first)
        return payload
    }

    /// Moves all deadlines by so many milliseconds: the clock that they run on was another one.
    mutating func shift(by offset: Int) {
        for handle in 1..<max(1, nodes.count) { nodes[handle].deadline += offset }
        heap.shift(by: offset)
    }

    /// The element that is due first: of the lists' first ones and the heap's. 0 if there is none.
    private var firstDue: UInt32 {
        var first = heap.first ?? 0
        var rest = occupied
        while rest != 0 {
            let candidate = lists[rest.trailingZeroBitCount].first
            if first == 0 || nodes[Int(candidate)].isDue(before: nodes[Int(first)]) { first = candidate }
            rest &= rest &- 1
        }
        return first
    }

    @inline(__always)
    private mutating func enter(_ handle: UInt32) {
        let node = nodes.place(Int(handle))
        let deadline = node.pointee.deadline
        let list = Int.bitWidth - max(0, deadline &- now).leadingZeroBitCount
        let ends = lists.place(list)
        let last = ends.pointee.last
        // An equal deadline was set earlier, so it is due earlier.
        guard last == 0 || nodes[Int(last)].deadline <= deadline else { return enterHeap(handle) }
        node.pointee.heaped = 0
        node.pointee.list = UInt8(truncatingIfNeeded: list)
        node.pointee.previous = last
        node.pointee.next = 0
        if last == 0 { ends.pointee.first = handle } else { nodes[Int(last)].next = handle }
        ends.pointee.last = handle
        occupied |= 1 << UInt64(truncatingIfNeeded: list)
    }

    @inline(never)
    private mutating func enterHeap(_ handle: UInt32) {
        nodes[Int(handle)].heaped = heap.insert(until: nodes[Int(handle)].deadline, handle)
    }

    @inline(__always)
    private mutating func leave(_ handle: UInt32) {
        let node = nodes.place(Int(handle))
        guard node.pointee.heaped == 0 else { return leaveHeap(node.pointee.heaped) }
        let list = Int(node.pointee.list)
        let ends = lists.place(list)
        let (previous, next) = (node.pointee.previous, node.pointee.next)
        if previous == 0 { ends.pointee.first = next } else { nodes[Int(previous)].next = next }
        if next == 0 { ends.pointee.last = previous } else { nodes[Int(next)].previous = previous }
        if ends.pointee.first == 0 { occupied &= ~(1 << UInt64(truncatingIfNeeded: list)) }
    }

    @inline(never)
    private mutating func leaveHeap(_ handle: UInt32) { heap.remove(handle) }

    /// Gives the memory of a burst back once there is nothing left.
    private mutating func shrink() {
        let none = nodes[0]
        nodes.removeAll()
        nodes.append(none)
        firstFree = 0
    }

    /// Every list is in order, and all elements are in a list or in the heap.
    func checkInvariants() {
        heap.checkInvariants()
        var listed = 0
        for list in 0..<lists.count {
            precondition(
                (lists[list].first == 0) == (occupied & 1 << UInt64(list) == 0),
                "a bit is set for a list in use"
            )
            var handle = lists[list].first
            while handle != 0 {
                let next = nodes[Int(handle)].next
                precondition(next == 0 || nodes[Int(handle)].isDue(before: nodes[Int(next)]), "a list is in order")
                listed += 1
                handle = next
            }
        }
        precondition(listed + heap.count == count, "every deadline is in a list or in the heap")
    }
}
