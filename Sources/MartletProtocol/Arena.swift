/// A growing array of plain values in memory of its own: what `Array` costs on the hot path (a uniqueness check at each
/// write, reference counting at each hand-over) is what this leaves out.
///
/// It does not shrink by itself: `removeAll(keeping:)` gives memory back after a burst.
///
/// Unsafe memory: `base` holds `capacity` elements of which the first `count` are initialised; `append` makes room
/// before it writes, and every other access checks its index.
public struct Arena<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    @usableFromInline var length = 0

    @inlinable
    public init(capacity: Int) {
        self.capacity = max(1, capacity)
        base = .allocate(capacity: max(1, capacity))
    }

    deinit { base.deallocate() }

    @inlinable package var count: Int { length }
    @inlinable package var isEmpty: Bool { length == 0 }

    @inlinable
    public subscript(index: Int) -> Element {
        unsafeAddress { UnsafePointer(place(index)) }
        unsafeMutableAddress { place(index) }
    }

    /// The element's place, until the next `append`.
    @inlinable @inline(__always)
    public func place(_ index: Int) -> UnsafeMutablePointer<Element> {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: length), "an arena is used where it was written")
        return base + index
    }

    /// Where an element is, until the next `append`; one behind the last is where an empty run begins.
    @inlinable
    public func pointer(to index: Int) -> UnsafePointer<Element> {
        precondition(index >= 0 && index <= length, "an arena is read where it was written")
        return UnsafePointer(base + index)
    }

    @inlinable
    public mutating func append(_ element: Element) {
        if length == capacity { reallocate(capacity * 2) }
        (base + length).initialize(to: element)
        length += 1
    }

    /// Room for `count` more elements, at the returned place; `advance(by:)` takes what was initialised there.
    @inlinable
    public mutating func reserve(_ count: Int) -> UnsafeMutablePointer<Element> {
        if capacity - length < count { reallocate(max(capacity * 2, length + count)) }
        return base + length
    }

    @inlinable
    public mutating func advance(by count: Int) {
        precondition(count <= capacity - length, "reserve() comes before advance(by:)")
        length += count
    }

    @inlinable
    public mutating func removeLast() -> Element {
        precondition(length > 0, "there is a last element")
        length -= 1
        return base[length]
    }

    /// Forgets what was appended after the first `count` elements.
    @inlinable
    public mutating func truncate(to count: Int) {
        precondition(count <= length, "an arena is only cut, never grown, by truncation")
        length = count
    }

    /// Empties the arena; memory for more than `limit` elements is given back.
    @inlinable
    public mutating func removeAll(keeping limit: Int) {
        length = 0
        if capacity > limit { reallocate(max(1, limit)) }
    }

    @usableFromInline @inline(never)
    mutating func reallocate(_ newCapacity: Int) {
        let grown = UnsafeMutablePointer<Element>.allocate(capacity: newCapacity)
        grown.initialize(from: base, count: length)
        base.deallocate()
        base = grown
        capacity = newCapacity
    }
}
