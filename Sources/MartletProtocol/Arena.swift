/// A growing array of plain values that is emptied and filled again and again.
///
/// What `Array` costs a parser (a uniqueness check at each write, reference counting at each hand-over) is what this
/// leaves out. It does not shrink by itself: `removeAll(keeping:)` gives memory back after a burst.
///
/// Unsafe memory: `base` holds `capacity` elements of which the first `count` are initialised; `append` makes room
/// before it writes, and the subscript checks its index.
struct Arena<Element: BitwiseCopyable>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    subscript(index: Int) -> Element {
        get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an arena is read where it was written")
            return base[index]
        }
        set {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an arena is changed where it was written")
            base[index] = newValue
        }
    }

    mutating func append(_ element: Element) {
        if count == capacity { reallocate(capacity * 2) }
        (base + count).initialize(to: element)
        count += 1
    }

    /// Forgets what was appended after the first `count` elements.
    mutating func truncate(to count: Int) {
        precondition(count <= self.count, "an arena is only cut, never grown, by truncation")
        self.count = count
    }

    /// Empties the arena; memory for more than `limit` elements is given back.
    mutating func removeAll(keeping limit: Int) {
        count = 0
        if capacity > limit { reallocate(limit) }
    }

    @inline(never)
    private mutating func reallocate(_ newCapacity: Int) {
        let grown = UnsafeMutablePointer<Element>.allocate(capacity: newCapacity)
        grown.initialize(from: base, count: count)
        base.deallocate()
        base = grown
        capacity = newCapacity
    }
}
