/// A list that grows at its end and is taken from its beginning, in chunks of 1,024: neither ever moves what it holds,
/// as an array would to grow or to close a gap.
struct ChunkedDeque<Element>: RandomAccessCollection, MutableCollection {
    private static var chunkLength: Int { 1024 }

    private var chunks: [ContiguousArray<Element>] = []
    /// Elements of the first chunk that are gone; they are freed with it, or when they are more than what is left.
    private var head = 0
    private(set) var count = 0

    init() {}

    init(_ elements: some Sequence<Element>) {
        for element in elements { append(element) }
    }

    var startIndex: Int { 0 }
    var endIndex: Int { count }

    subscript(index: Int) -> Element {
        _read {
            let place = place(of: index)
            yield chunks[place.chunk][place.offset]
        }
        _modify {
            let place = place(of: index)
            yield &chunks[place.chunk][place.offset]
        }
    }

    private func place(of index: Int) -> (chunk: Int, offset: Int) {
        precondition(index >= 0 && index < count, "a deque is used where it holds something")
        return ((index + head) / Self.chunkLength, (index + head) % Self.chunkLength)
    }

    mutating func append(_ element: Element) {
        if (head + count) % Self.chunkLength == 0 { addChunk() }
        chunks[chunks.count - 1].append(element)
        count += 1
    }

    private mutating func addChunk() {
        var chunk = ContiguousArray<Element>()
        // The first may stay small.
        if !chunks.isEmpty { chunk.reserveCapacity(Self.chunkLength) }
        chunks.append(chunk)
    }

    mutating func removeFirst() {
        precondition(count > 0, "there is a first element")
        head += 1
        count -= 1
        if count == 0 {
            removeAll()
        } else if head == Self.chunkLength {
            chunks.removeFirst()
            head = 0
        } else if chunks.count == 1, head > count + 16 {
            chunks[0].removeFirst(head)
            head = 0
        }
    }

    mutating func removeAll() {
        chunks = []
        (head, count) = (0, 0)
    }
}
