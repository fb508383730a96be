import MartletProtocol

/// Numbered places for small flat records: `insert` gives a number, the number leads to the record in two loads.
///
///     let slot = slab.insert(record)
///     slab[slot].attempts += 1            // in place
///     slab.remove(slot)
///
/// All operations are O(1). Memory comes in chunks of 4,096 records, and a chunk goes back as its last record is
/// removed (one empty chunk is kept, so that a slab at a chunk's edge does not allocate all the time). Number 0 is
/// never given out: it stands for "none".
///
/// It does not find records, and it does not know whether a number is in use: whoever holds a number holds the record.
///
/// Unsafe memory: a chunk's base stays valid while `live > 0`; a slot's place lies inside its chunk because the number
/// of a slot is its chunk's index and its place in it. A free place holds the number of the next free one.
struct Slab<Element: BitwiseCopyable>: ~Copyable {
    private static var chunkBits: UInt32 { 12 }
    private static var chunkLength: UInt32 { 1 << chunkBits }
    private static var none: UInt32 { .max }

    private struct Chunk: BitwiseCopyable {
        var base: UnsafeMutablePointer<Element>?
        var live: UInt32 = 0
        /// Places below this one have been used at least once.
        var fresh: UInt32 = 0
        var firstFree: UInt32 = Slab.none
        /// Neighbours in the list of chunks that have room.
        var previous: UInt32 = Slab.none
        var next: UInt32 = Slab.none
    }

    private var chunks = Arena<Chunk>(capacity: 16)
    private var firstWithRoom = Slab.none
    private var vacantChunks: [UInt32] = []
    private var emptyChunks = 0
    private(set) var count = 0

    init() {
        precondition(MemoryLayout<Element>.size >= MemoryLayout<UInt32>.size, "a free place must hold a number")
    }

    deinit {
        for index in 0..<chunks.count { chunks[index].base?.deallocate() }
    }

    /// Bytes taken from the system.
    var allocatedBytes: Int {
        (chunks.count - vacantChunks.count) * Int(Self.chunkLength) * MemoryLayout<Element>.stride
    }

    subscript(slot: UInt32) -> Element {
        unsafeAddress { UnsafePointer(place(slot)) }
        nonmutating unsafeMutableAddress { place(slot) }
    }

    private func place(_ slot: UInt32) -> UnsafeMutablePointer<Element> {
        // Safe because a slot in use lies in a chunk that has memory.
        chunks[Int(slot >> Self.chunkBits)].base.unsafelyUnwrapped + Int(slot & (Self.chunkLength - 1))
    }

    /// All slots in use are below this one.
    var limit: UInt32 { UInt32(chunks.count) << Self.chunkBits }

    /// Whether the slot holds a record, or has held one and its memory is still there.
    func hasBeenUsed(_ slot: UInt32) -> Bool {
        let index = Int(slot >> Self.chunkBits)
        return index < chunks.count && chunks[index].base != nil && slot & (Self.chunkLength - 1) < chunks[index].fresh
    }

    mutating func insert(_ element: Element) -> UInt32 {
        if firstWithRoom == Self.none { addChunk() }
        let index = Int(firstWithRoom)
        let offset: UInt32
        if chunks[index].firstFree != Self.none {
            offset = chunks[index].firstFree
            let place = UnsafeRawPointer(chunks[index].base.unsafelyUnwrapped + Int(offset))
            chunks[index].firstFree = place.load(as: UInt32.self)
        } else {
            offset = chunks[index].fresh
            chunks[index].fresh += 1
        }
        if chunks[index].live == 0 { emptyChunks -= 1 }
        chunks[index].live += 1
        (chunks[index].base.unsafelyUnwrapped + Int(offset)).initialize(to: element)
        if chunks[index].firstFree == Self.none, chunks[index].fresh == Self.chunkLength { unlink(UInt32(index)) }
        count += 1
        return UInt32(index) << Self.chunkBits | offset
    }

    mutating func remove(_ slot: UInt32) {
        let index = slot >> Self.chunkBits
        let offset = slot & (Self.chunkLength - 1)
        let chunk = chunks[Int(index)]
        let wasFull = chunk.firstFree == Self.none && chunk.fresh == Self.chunkLength
        UnsafeMutableRawPointer(place(slot)).storeBytes(of: chunk.firstFree, as: UInt32.self)
        chunks[Int(index)].firstFree = offset
        chunks[Int(index)].live -= 1
        count -= 1
        if wasFull { link(index) }
        if chunks[Int(index)].live == 0 { emptied(index) }
    }

    private mutating func addChunk() {
        let base = UnsafeMutablePointer<Element>.allocate(capacity: Int(Self.chunkLength))
        // The first place of all is number 0, which stands for "none".
        let chunk = Chunk(base: base, fresh: chunks.isEmpty ? 1 : 0)
        emptyChunks += 1
        if let vacant = vacantChunks.popLast() {
            chunks[Int(vacant)] = chunk
            if vacant == 0 { chunks[0].fresh = 1 }
            link(vacant)
        } else {
            chunks.append(chunk)
            link(UInt32(chunks.count - 1))
        }
    }

    private mutating func emptied(_ index: UInt32) {
        emptyChunks += 1
        guard emptyChunks > 1 else { return }
        emptyChunks -= 1
        unlink(index)
        chunks[Int(index)].base?.deallocate()
        chunks[Int(index)] = Chunk()
        vacantChunks.append(index)
    }

    private mutating func link(_ index: UInt32) {
        chunks[Int(index)].previous = Self.none
        chunks[Int(index)].next = firstWithRoom
        if firstWithRoom != Self.none { chunks[Int(firstWithRoom)].previous = index }
        firstWithRoom = index
    }

    private mutating func unlink(_ index: UInt32) {
        let chunk = chunks[Int(index)]
        if chunk.previous == Self.none {
            firstWithRoom = chunk.next
        } else {
            chunks[Int(chunk.previous)].next = chunk.next
        }
        if chunk.next != Self.none { chunks[Int(chunk.next)].previous = chunk.previous }
    }
}
