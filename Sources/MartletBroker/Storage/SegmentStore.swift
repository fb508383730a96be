import MartletProtocol

/// The bytes of all messages, in large append-only blocks instead of one allocation each.
///
/// A message's payload is written once, at the end of the newest segment, and read in place. A segment whose payloads
/// are all gone is freed at once; where few are left, `compact` copies them to the newest segment in small steps, so
/// that one old message does not hold a block for ever.
///
/// Each payload stands behind a header of eight bytes: the slot of its message (so that compaction can ask whether it
/// still lives here) and its length.
///
/// Unsafe memory: a `Place` is valid from `append` until `remove` of that place; segments never move or shrink, so a
/// pointer from `payload(at:)` is valid for as long as its place.
struct SegmentStore: ~Copyable {
    struct Place: BitwiseCopyable, Equatable {
        var segment: UInt32
        var offset: UInt32
    }

    private struct Segment: BitwiseCopyable {
        var base: UnsafeMutableRawPointer?
        var capacity = 0
        var used = 0
        /// Bytes of payloads, headers included, that have not been removed.
        var live = 0
    }

    /// A little less than 256 KiB, so that the allocator's own header does not push it over a page.
    private static let segmentSize = 256 << 10 - 64
    /// Larger payloads get a segment of their own: else the rest of a shared one would often be wasted.
    private static let largestShared = segmentSize / 4
    private static let headerSize = 8
    /// Empty segments kept for the next appends.
    private static let maxSpare = 4

    private var segments = Arena<Segment>(capacity: 16)
    private var vacant: [UInt32] = []
    private var spare: [UnsafeMutableRawPointer] = []
    private var current: UInt32?
    /// Where the search for a segment worth compacting goes on.
    private var compactionCursor = 0
    private var compacting: (segment: UInt32, offset: Int)?

    private(set) var liveBytes = 0
    private(set) var allocatedBytes = 0

    init() {}

    deinit {
        for index in 0..<segments.count { segments[index].base?.deallocate() }
        for base in spare { base.deallocate() }
    }

    /// Room for a payload of `length` bytes; the caller writes all of them at `pointer` before anything else happens.
    @inline(__always)
    mutating func append(_ length: Int, of slot: UInt32) -> (place: Place, pointer: UnsafeMutableRawPointer) {
        let needed = length + Self.headerSize
        let index = needed > Self.largestShared ? addSegment(capacity: needed) : shared(needed)
        let segment = segments.place(Int(index))
        let offset = segment.pointee.used
        // Safe because `shared` and `addSegment` return a segment with memory for `needed` bytes.
        let header = segment.pointee.base.unsafelyUnwrapped + offset
        header.storeBytes(of: slot, as: UInt32.self)
        header.storeBytes(of: UInt32(truncatingIfNeeded: length), toByteOffset: 4, as: UInt32.self)
        segment.pointee.used += needed
        segment.pointee.live += needed
        liveBytes += needed
        return (Place(segment: index, offset: UInt32(truncatingIfNeeded: offset)), header + Self.headerSize)
    }

    @inline(__always)
    func payload(at place: Place) -> UnsafeRawBufferPointer {
        // Safe because a place in use lies in a segment with memory.
        let header = segments[Int(place.segment)].base.unsafelyUnwrapped + Int(place.offset)
        let length = header.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
        return UnsafeRawBufferPointer(start: header + Self.headerSize, count: Int(length))
    }

    @inline(__always)
    mutating func remove(_ place: Place) {
        let segment = segments.place(Int(place.segment))
        let size = payload(at: place).count + Self.headerSize
        segment.pointee.live -= size
        liveBytes -= size
        if segment.pointee.live == 0 { emptied(place.segment) }
    }

    @inline(never)
    private mutating func emptied(_ index: UInt32) {
        if index == current { segments[Int(index)].used = 0 } else { free(index) }
    }

    @inline(__always)
    private mutating func shared(_ needed: Int) -> UInt32 {
        if let current {
            let segment = segments.place(Int(current))
            if segment.pointee.capacity - segment.pointee.used >= needed { return current }
        }
        return nextShared()
    }

    @inline(never)
    private mutating func nextShared() -> UInt32 {
        if let current, segments[Int(current)].live == 0 { free(current) }
        let added = addSegment(capacity: Self.segmentSize)
        current = added
        return added
    }

    @inline(never)
    private mutating func addSegment(capacity: Int) -> UInt32 {
        let base: UnsafeMutableRawPointer
        if capacity == Self.segmentSize, let kept = spare.popLast() {
            base = kept
        } else {
            base = .allocate(byteCount: capacity, alignment: 16)
            allocatedBytes += capacity
        }
        let segment = Segment(base: base, capacity: capacity)
        if let index = vacant.popLast() {
            segments[Int(index)] = segment
            return index
        }
        segments.append(segment)
        return UInt32(segments.count - 1)
    }

    private mutating func free(_ index: UInt32) {
        let segment = segments[Int(index)]
        if let base = segment.base {
            if segment.capacity == Self.segmentSize, spare.count < Self.maxSpare {
                spare.append(base)
            } else {
                base.deallocate()
                allocatedBytes -= segment.capacity
            }
        }
        segments[Int(index)] = Segment()
        vacant.append(index)
        if compacting?.segment == index { compacting = nil }
        if current == index { current = nil }
    }

    // MARK: Compaction

    /// Whether more than half of the memory is held by payloads that are gone.
    var wantsCompaction: Bool {
        allocatedBytes > 2 * liveBytes + (spare.count + 4) * Self.segmentSize
    }

    /// The next payload, dead or alive, of a segment that is mostly dead; nil if there is none worth the work.
    mutating func nextToCompact() -> (slot: UInt32, place: Place)? {
        guard wantsCompaction, let (index, offset) = compacting ?? nextSparse() else { return nil }
        let place = Place(segment: index, offset: UInt32(offset))
        let bytes = payload(at: place)
        let end = offset + bytes.count + Self.headerSize
        compacting = end < segments[Int(index)].used ? (index, end) : nil
        // Safe because the header of every payload ever appended stays readable until its segment is freed.
        let slot = (bytes.baseAddress.unsafelyUnwrapped - Self.headerSize).loadUnaligned(as: UInt32.self)
        return (slot, place)
    }

    /// Copies a payload to the newest segment and removes it from where it was.
    mutating func relocate(_ place: Place, of slot: UInt32) -> Place {
        let bytes = payload(at: place)
        let copy = append(bytes.count, of: slot)
        UnsafeMutableRawBufferPointer(start: copy.pointer, count: bytes.count).copyMemory(from: bytes)
        remove(place)
        return copy.place
    }

    /// A shared segment, other than the newest, less than half of whose bytes live.
    private mutating func nextSparse() -> (segment: UInt32, offset: Int)? {
        for _ in 0..<segments.count {
            compactionCursor = (compactionCursor + 1) % segments.count
            let segment = segments[compactionCursor]
            if segment.base != nil, segment.capacity == Self.segmentSize, UInt32(compactionCursor) != current,
                segment.live * 2 < segment.capacity
            {
                return (UInt32(compactionCursor), 0)
            }
        }
        return nil
    }

    #if DEBUG
    /// What does not add up; nil if all is well.
    var firstBrokenInvariant: String? {
        var (live, allocated) = (0, spare.count * Self.segmentSize)
        for index in 0..<segments.count {
            let segment = segments[index]
            live += segment.live
            allocated += segment.base == nil ? 0 : segment.capacity
            guard segment.live <= segment.used, segment.used <= segment.capacity else {
                return "segment \(index) holds no more than it has room for"
            }
            guard segment.base == nil || segment.live > 0 || UInt32(index) == current else {
                return "segment \(index) is empty and not freed"
            }
        }
        if live != liveBytes { return "segments hold \(live) live bytes, \(liveBytes) are counted" }
        return allocated == allocatedBytes ? nil : "segments take \(allocated) bytes, \(allocatedBytes) are counted"
    }
    #endif
}
