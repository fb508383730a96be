import MartletProtocol

/// A growing array of plain values that never moves them: memory comes in chunks of 4,096.
///
/// An `Arena` is copied as it grows, which for millions of elements keeps everybody waiting: a fill of four million
/// leases stood still for a second. Here an access costs one load more.
///
/// It does not shrink by itself: `removeAll(keeping:)` gives memory back after a burst.
///
/// Unsafe memory: the first `count` elements are initialised, and each chunk that they lie in has memory; every access
/// checks its index.
struct ChunkedArena<Element: BitwiseCopyable>: ~Copyable {
    private static var chunkBits: Int { 12 }
    private static var chunkLength: Int { 1 << chunkBits }

    private var chunks = Arena<UnsafeMutablePointer<Element>>(capacity: 4)
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

    /// The element's place, for as long as the element is there.
    @inline(__always)
    func place(_ index: Int) -> UnsafeMutablePointer<Element> {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an arena is used where it was written")
        return chunks[index >> Self.chunkBits] + (index & (Self.chunkLength - 1))
    }

    mutating func append(_ element: Element) {
        if count >> Self.chunkBits == chunks.count { chunks.append(.allocate(capacity: Self.chunkLength)) }
        count += 1
        place(count - 1).initialize(to: element)
    }

    mutating func removeLast() -> Element {
        let last = self[count - 1]
        count -= 1
        return last
    }

    /// Empties the arena; memory for more than `limit` elements is given back, but for that of the first chunk.
    mutating func removeAll(keeping limit: Int) {
        count = 0
        while chunks.count > max(1, limit >> Self.chunkBits) { chunks.removeLast().deallocate() }
    }
}
