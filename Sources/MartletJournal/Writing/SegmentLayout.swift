/// Decides which segment, and which place in it, the next append goes to. Nothing is written here: whoever appends
/// knows the place at once, and the bytes get there later.
///
/// Invariant: `SegmentHeader.size <= offset <= capacity`.
package struct SegmentLayout: Sendable {
    package struct Place: Equatable, Sendable {
        package let segment: UInt32
        package let offset: UInt64
        /// Bytes of the whole segment.
        package let capacity: UInt64
    }

    package private(set) var segment: UInt32
    package private(set) var offset: UInt64
    package private(set) var capacity: UInt64
    /// Bytes of the segments to come. One append that needs more gets a segment for itself.
    package var nextCapacity: UInt64
    /// Bytes kept free behind each append.
    private let margin: UInt64

    /// The segment is there with its capacity, even if it has no entry.
    private let isThere: Bool

    /// Begins with a segment that is to be made; with a `capacity`, goes on at an `offset` of one that is there.
    package init(
        segment: UInt32,
        offset: UInt64 = UInt64(SegmentHeader.size),
        capacity: UInt64? = nil,
        nextCapacity: UInt64,
        margin: UInt64 = 0
    ) {
        self.segment = segment
        self.offset = offset
        self.capacity = capacity ?? nextCapacity
        isThere = capacity != nil
        self.nextCapacity = nextCapacity
        self.margin = margin
    }

    package var room: UInt64 { capacity - offset }
    /// Bytes that go into the segment that is being filled in however many appends they come.
    package var certainRoom: UInt64 { room - min(room, isAtFront ? 0 : capacity / 16 + margin) }
    package var isAtFront: Bool { offset == UInt64(SegmentHeader.size) }

    /// Whether little room is left: then the next append begins a segment, whatever its size. So whoever appends less
    /// than this knows beforehand which segment it goes to.
    private var isNearlyFull: Bool { !isAtFront && room < capacity / 16 }

    /// The segment that the next append goes to, unless it is too large for what is left.
    package var nextSegment: UInt32 { isNearlyFull ? segment + 1 : segment }

    /// Whether so many bytes go into the segment that is being filled.
    package func fits(_ count: Int) -> Bool { !isNearlyFull && UInt64(count) + margin <= room }

    package mutating func place(_ count: Int) -> Place {
        if !fits(count) { begin(count) }
        defer { offset += UInt64(count) }
        return Place(segment: segment, offset: offset, capacity: capacity)
    }

    /// A place in the segment that is being filled, beyond its capacity if need be: whoever asks knows of one there.
    package mutating func placeBeyond(_ count: Int) -> Place {
        defer {
            offset += UInt64(count)
            capacity = max(capacity, offset)
        }
        return Place(segment: segment, offset: offset, capacity: capacity)
    }

    private mutating func begin(_ count: Int) {
        // A first segment that is too small for the first append is made larger.
        if isThere || !isAtFront { segment += 1 }
        offset = UInt64(SegmentHeader.size)
        capacity = max(nextCapacity, offset + UInt64(count) + margin)
    }
}
