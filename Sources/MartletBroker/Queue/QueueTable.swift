/// The queues by name and by index.
///
/// A look-up hashes the name as it stands in the request and compares bytes: no String is made. The hash is keyed, so
/// that names cannot be chosen to collide.
struct QueueTable {
    private var queues: [Queue?] = [nil]
    private var vacant: [UInt32] = []
    /// Open addressing: the index of a queue, 0 for an empty place. A power of two, at most half full.
    private var places: [UInt32] = Array(repeating: 0, count: 64)
    private let key: UInt64
    private(set) var count = 0
    /// The number that was given out last.
    private(set) var lastNumber: UInt32 = 0
    /// The queues that can be named, in the order of their names.
    private(set) var byName = NameOrder()
    /// The queue found last: requests for one queue come in runs. It goes from here before it goes from `queues`.
    private var recent: Unmanaged<Queue>?

    init(key: UInt64) { self.key = key | 1 }

    subscript(index: UInt32) -> Queue? { queues[Int(index)] }

    /// All queues in the order of their index.
    var all: [Queue] { queues.compactMap { $0 }.filter { !$0.isHidden } }

    /// Also those that were dropped and whose messages are still being freed.
    var withHidden: [Queue] { queues.compactMap { $0 } }

    mutating func find(_ name: UnsafeRawBufferPointer) -> Queue? { locate(name)?.takeUnretainedValue() }

    /// As `find`, for one who works with the queue for a moment in which it cannot go: see `Unmanaged.lend`.
    @inline(__always)
    mutating func locate(_ name: UnsafeRawBufferPointer) -> Unmanaged<Queue>? {
        if let recent, recent.lend({ Self.equal($0.nameBytes, name) }) { return recent }
        return locateOther(name)
    }

    @inline(never)
    private mutating func locateOther(_ name: UnsafeRawBufferPointer) -> Unmanaged<Queue>? {
        guard let found = search(name) else { return nil }
        recent = Unmanaged.passUnretained(found)
        return recent
    }

    /// The queue of an index in use, as `locate` gives it.
    @inline(__always)
    func reference(_ index: UInt32) -> Unmanaged<Queue> {
        guard let queue = queues[Int(index)] else { preconditionFailure("a queue outlives its messages") }
        return Unmanaged.passUnretained(queue)
    }

    private func search(_ name: UnsafeRawBufferPointer) -> Queue? {
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: hash(name)) & mask
        while places[place] != 0 {
            if let queue = queues[Int(places[place])], Self.equal(queue.nameBytes, name) { return queue }
            place = (place + 1) & mask
        }
        return nil
    }

    mutating func find(_ name: String) -> Queue? {
        var name = name
        return name.withUTF8 { find(UnsafeRawBufferPointer($0)) }
    }

    /// The indices that have been given out, free ones among them.
    var indices: Range<UInt32> { 1..<UInt32(queues.count) }

    /// Numbers up to this one have been given out.
    mutating func raiseLastNumber(to number: UInt32) { lastNumber = max(lastNumber, number) }

    mutating func insert(_ name: String, settings: QueueSettings, isAutoCreated: Bool, now: Int) -> Queue {
        insert(name, number: lastNumber + 1, settings: settings, isAutoCreated: isAutoCreated, now: now)
    }

    /// A queue with the number that it has had before.
    mutating func insert(
        _ name: String,
        number: UInt32,
        settings: QueueSettings,
        isAutoCreated: Bool,
        now: Int
    ) -> Queue {
        let index = vacant.popLast() ?? UInt32(queues.count)
        raiseLastNumber(to: number)
        let queue = Queue(
            name: name,
            index: index,
            number: number,
            settings: settings,
            isAutoCreated: isAutoCreated,
            now: now
        )
        if Int(index) == queues.count { queues.append(queue) } else { queues[Int(index)] = queue }
        byName.insert(queue)
        count += 1
        if count * 2 > places.count { rehash(places.count * 2) } else { enter(queue) }
        return queue
    }

    mutating func rename(_ queue: Queue, to name: String) {
        recent = nil
        byName.remove(queue)
        vacate(queue)
        queue.rename(name)
        enter(queue)
        byName.insert(queue)
    }

    mutating func remove(_ queue: Queue) {
        hide(queue)
        release(queue)
    }

    /// The queue is found by its name no more; its index stays taken until `release`.
    mutating func hide(_ queue: Queue) {
        recent = nil
        queue.isHidden = true
        byName.remove(queue)
        count -= 1
        vacate(queue)
    }

    /// The index of a hidden queue may be given out again.
    mutating func release(_ queue: Queue) {
        queues[Int(queue.index)] = nil
        vacant.append(queue.index)
    }

    private mutating func enter(_ queue: Queue) {
        let mask = places.count - 1
        var place = home(of: queue)
        while places[place] != 0 { place = (place + 1) & mask }
        places[place] = queue.index
    }

    /// Empties the queue's place and moves up those behind it that would not be found across the gap.
    private mutating func vacate(_ queue: Queue) {
        let mask = places.count - 1
        var gap = home(of: queue)
        while places[gap] != queue.index { gap = (gap + 1) & mask }
        places[gap] = 0
        var place = (gap + 1) & mask
        while places[place] != 0, let other = queues[Int(places[place])] {
            let distance = (place - home(of: other)) & mask
            if distance >= (place - gap) & mask {
                places[gap] = places[place]
                places[place] = 0
                gap = place
            }
            place = (place + 1) & mask
        }
    }

    private mutating func rehash(_ capacity: Int) {
        places = Array(repeating: 0, count: capacity)
        for queue in all { enter(queue) }
    }

    private func home(of queue: Queue) -> Int {
        let hash = queue.nameBytes.withUnsafeBytes { self.hash($0) }
        return Int(truncatingIfNeeded: hash) & (places.count - 1)
    }

    /// Eight bytes at a time, each mixed by a multiplication whose halves are folded.
    private func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
        var hash = key ^ UInt64(name.count)
        var offset = 0
        while offset + 8 <= name.count {
            hash = Self.mix(hash ^ name.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < name.count {
            rest = rest << 8 | UInt64(name[offset])
            offset += 1
        }
        return Self.mix(hash ^ rest)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }

    /// Eight bytes at a time; the last eight may overlap those before.
    @inline(__always)
    private static func equal(_ bytes: [UInt8], _ other: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count == other.count, let other = other.baseAddress else { return false }
        return bytes.withUnsafeBytes { bytes in
            // Safe because a name is not empty.
            let name = bytes.baseAddress.unsafelyUnwrapped
            let count = bytes.count
            if count >= 8 { return equal(name, other, count, UInt64.self) }
            if count >= 4 { return equal(name, other, count, UInt32.self) }
            return equal(name, other, count, UInt8.self)
        }
    }

    /// Word by word; there is room for one.
    @inline(__always)
    private static func equal<Word: FixedWidthInteger & BitwiseCopyable>(
        _ one: UnsafeRawPointer,
        _ other: UnsafeRawPointer,
        _ count: Int,
        _: Word.Type
    ) -> Bool {
        let size = MemoryLayout<Word>.size
        let last = count - size
        var difference =
            one.loadUnaligned(fromByteOffset: last, as: Word.self)
            ^ other.loadUnaligned(fromByteOffset: last, as: Word.self)
        var offset = 0
        while offset < last {
            difference |=
                one.loadUnaligned(fromByteOffset: offset, as: Word.self)
                ^ other.loadUnaligned(fromByteOffset: offset, as: Word.self)
            offset += size
        }
        return difference == 0
    }
}

extension Unmanaged {
    /// Lends the object for as long as `body` runs, without counting a reference to it: counting was a tenth of what
    /// the core did. The lender knows that the object stays: a queue goes only by a change of its own, which what
    /// settles, sends or hands over a message never makes.
    @inline(__always)
    func lend<Result, Problem>(_ body: (Instance) throws(Problem) -> Result) throws(Problem) -> Result {
        // What the standard library has for this throws untyped errors only.
        let outcome = _withUnsafeGuaranteedRef { (object: Instance) -> Swift.Result<Result, Problem> in
            do throws(Problem) { return .success(try body(object)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}
