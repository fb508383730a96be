import MartletProtocol

/// A growing array of plain values that is never copied as a whole: memory comes in chunks of 4,096, of which only the
/// first is copied as it grows.
///
/// An `Arena` is copied whenever it doubles, which for millions of elements keeps everybody waiting: a fill of four
/// million leases stood still for a second. Here an access costs one load more.
///
/// Unsafe memory: the first `count` elements are initialised; each chunk that they lie in has memory, the first for
/// `firstCapacity` elements, the others for `chunkLength`; every access checks its index.
struct ChunkedArena<Element: BitwiseCopyable>: ~Copyable {
    private static var chunkBits: Int { 12 }
    private static var chunkLength: Int { 1 << chunkBits }
    private static var leastCapacity: Int { 16 }

    private var chunks = Arena<UnsafeMutablePointer<Element>>(capacity: 1)
    private var firstCapacity = 0
    private(set) var count = 0

    init() {}

    deinit {
        for index in 0..<chunks.count { chunks[index].deallocate() }
    }

    var isEmpty: Bool { count == 0 }

    subscript(index: Int) -> Element {
        unsafeAddress { UnsafePointer(place(index)) }
        unsafeMutableAddress { place(index) }
    }

    /// The element's place, until the next `append`. Those behind it follow up to the next multiple of 4,096.
    @inline(__always)
    func place(_ index: Int) -> UnsafeMutablePointer<Element> {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an arena is used where it was written")
        return chunks.pointer(to: index >> Self.chunkBits).pointee + (index & (Self.chunkLength - 1))
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == firstCapacity || count >> Self.chunkBits == chunks.count { grow() }
        count += 1
        place(count - 1).initialize(to: element)
    }

    @inline(never)
    private mutating func grow() {
        if count < Self.chunkLength {
            firstCapacity = max(Self.leastCapacity, firstCapacity * 2)
            let first = UnsafeMutablePointer<Element>.allocate(capacity: firstCapacity)
            guard !chunks.isEmpty else { return chunks.append(first) }
            first.initialize(from: chunks[0], count: count)
            chunks[0].deallocate()
            chunks[0] = first
        } else if count >> Self.chunkBits == chunks.count {
            chunks.append(.allocate(capacity: Self.chunkLength))
        }
    }

    /// Takes the last element away; one or two of the chunks that are empty then are kept.
    mutating func removeLast() -> Element {
        let last = self[count - 1]
        count -= 1
        if chunks.count > count >> Self.chunkBits + 2 { chunks.removeLast().deallocate() }
        return last
    }

    /// Empties the arena and gives its memory back.
    mutating func removeAll() {
        while !chunks.isEmpty { chunks.removeLast().deallocate() }
        (firstCapacity, count) = (0, 0)
    }
}
