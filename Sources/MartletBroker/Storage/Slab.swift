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
/// Unsafe memory: `book` is initialised while the slab lives; a chunk's base stays valid while `live > 0`; a slot's
/// place lies inside its chunk because the number of a slot is its chunk's index and its place in it. A free place
/// holds the number of the next free one.
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

    private struct Book: ~Copyable {
        var chunks = Arena<Chunk>(capacity: 16)
        var firstWithRoom = Slab.none
        var vacantChunks: [UInt32] = []
        var emptyChunks = 0
        var count = 0
    }

    /// Behind a pointer, so that a slab is lent to a function in a register: as a struct of its own size it is copied.
    private let book: UnsafeMutablePointer<Book>

    init() {
        precondition(MemoryLayout<Element>.size >= MemoryLayout<UInt32>.size, "a free place must hold a number")
        book = .allocate(capacity: 1)
        book.initialize(to: Book())
    }

    deinit {
        for index in 0..<book.pointee.chunks.count { book.pointee.chunks[index].base?.deallocate() }
        book.deinitialize(count: 1)
        book.deallocate()
    }

    var count: Int { book.pointee.count }

    /// Bytes taken from the system.
    var allocatedBytes: Int {
        let chunks = book.pointee.chunks.count - book.pointee.vacantChunks.count
        return chunks * Int(Self.chunkLength) * MemoryLayout<Element>.stride
    }

    subscript(slot: UInt32) -> Element {
        unsafeAddress { UnsafePointer(place(slot)) }
        nonmutating unsafeMutableAddress { place(slot) }
    }

    /// Where a record in use is, until it is removed.
    @inline(__always)
    func place(_ slot: UInt32) -> UnsafeMutablePointer<Element> {
        // Safe because a slot in use lies in a chunk that has memory.
        book.pointee.chunks[Int(slot >> Self.chunkBits)].base.unsafelyUnwrapped + Int(slot & (Self.chunkLength - 1))
    }

    /// All slots in use are below this one.
    var limit: UInt32 { UInt32(book.pointee.chunks.count) << Self.chunkBits }

    /// Whether the slot holds a record, or has held one and its memory is still there.
    func hasBeenUsed(_ slot: UInt32) -> Bool {
        let index = Int(slot >> Self.chunkBits)
        guard index < book.pointee.chunks.count else { return false }
        let chunk = book.pointee.chunks[index]
        return chunk.base != nil && slot & (Self.chunkLength - 1) < chunk.fresh
    }

    @inline(__always)
    func insert(_ element: Element) -> UInt32 {
        if book.pointee.firstWithRoom == Self.none { addChunk() }
        let index = book.pointee.firstWithRoom
        let chunk = book.pointee.chunks.place(Int(index))
        let base = chunk.pointee.base.unsafelyUnwrapped
        var offset = chunk.pointee.firstFree
        if offset != Self.none {
            chunk.pointee.firstFree = UnsafeRawPointer(base + Int(offset)).load(as: UInt32.self)
        } else {
            offset = chunk.pointee.fresh
            chunk.pointee.fresh += 1
        }
        if chunk.pointee.live == 0 { book.pointee.emptyChunks -= 1 }
        chunk.pointee.live += 1
        (base + Int(offset)).initialize(to: element)
        if chunk.pointee.live + (index == 0 ? 1 : 0) == Self.chunkLength { unlink(index) }
        book.pointee.count += 1
        return index << Self.chunkBits | offset
    }

    @inline(__always)
    func remove(_ slot: UInt32) {
        let index = slot >> Self.chunkBits
        let offset = slot & (Self.chunkLength - 1)
        let chunk = book.pointee.chunks.place(Int(index))
        let wasFull = chunk.pointee.live + (index == 0 ? 1 : 0) == Self.chunkLength
        let place = chunk.pointee.base.unsafelyUnwrapped + Int(offset)
        UnsafeMutableRawPointer(place).storeBytes(of: chunk.pointee.firstFree, as: UInt32.self)
        chunk.pointee.firstFree = offset
        chunk.pointee.live -= 1
        book.pointee.count -= 1
        if wasFull { link(index) }
        if chunk.pointee.live == 0 { emptied(index) }
    }

    @inline(never)
    private func addChunk() {
        let base = UnsafeMutablePointer<Element>.allocate(capacity: Int(Self.chunkLength))
        // The first place of all is number 0, which stands for "none".
        let chunk = Chunk(base: base, fresh: book.pointee.chunks.isEmpty ? 1 : 0)
        book.pointee.emptyChunks += 1
        if let vacant = book.pointee.vacantChunks.popLast() {
            book.pointee.chunks[Int(vacant)] = chunk
            if vacant == 0 { book.pointee.chunks[0].fresh = 1 }
            link(vacant)
        } else {
            book.pointee.chunks.append(chunk)
            link(UInt32(book.pointee.chunks.count - 1))
        }
    }

    @inline(never)
    private func emptied(_ index: UInt32) {
        book.pointee.emptyChunks += 1
        guard book.pointee.emptyChunks > 1 else { return }
        book.pointee.emptyChunks -= 1
        unlink(index)
        book.pointee.chunks[Int(index)].base?.deallocate()
        book.pointee.chunks[Int(index)] = Chunk()
        book.pointee.vacantChunks.append(index)
    }

    @inline(never)
    private func link(_ index: UInt32) {
        book.pointee.chunks[Int(index)].previous = Self.none
        book.pointee.chunks[Int(index)].next = book.pointee.firstWithRoom
        let next = book.pointee.firstWithRoom
        if next != Self.none { book.pointee.chunks[Int(next)].previous = index }
        book.pointee.firstWithRoom = index
    }

    @inline(never)
    private func unlink(_ index: UInt32) {
        let chunk = book.pointee.chunks[Int(index)]
        if chunk.previous == Self.none {
            book.pointee.firstWithRoom = chunk.next
        } else {
            book.pointee.chunks[Int(chunk.previous)].next = chunk.next
        }
        if chunk.next != Self.none { book.pointee.chunks[Int(chunk.next)].previous = chunk.previous }
    }
}
