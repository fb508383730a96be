/// A consumer's place in the line of one of its queues.
struct Claim: BitwiseCopyable {
    let consumer: UInt32
    let queue: UInt32
    /// The consumer's claim on its next queue.
    var sibling: UInt32 = 0
    /// Neighbours in the queue's line.
    var previous: UInt32 = 0
    var next: UInt32 = 0
    /// Whether it stands in the line; a consumer without credit, or whose peer does not read, steps out.
    var isInLine = false
}

/// The line of one queue: who could take a message now, in the order in which they are served.
struct ClaimLine {
    /// Who is served next; 0 if no one is.
    private(set) var first: UInt32 = 0
    private var last: UInt32 = 0

    var isEmpty: Bool { first == 0 }

    mutating func append(_ slot: UInt32, in claims: borrowing Slab<Claim>) {
        claims[slot].previous = last
        claims[slot].next = 0
        claims[slot].isInLine = true
        if last == 0 { first = slot } else { claims[last].next = slot }
        last = slot
    }

    mutating func remove(_ slot: UInt32, in claims: borrowing Slab<Claim>) {
        let (previous, next) = (claims[slot].previous, claims[slot].next)
        if previous == 0 { first = next } else { claims[previous].next = next }
        if next == 0 { last = previous } else { claims[next].previous = previous }
        claims[slot].isInLine = false
    }

    /// Who has been served goes to the end.
    mutating func rotate(in claims: borrowing Slab<Claim>) {
        let served = first
        remove(served, in: claims)
        append(served, in: claims)
    }
}
