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
    /// Whether it stands in the line behind all others: see `Broker.finish(_:now:)`.
    var isLate = false
}

/// The line of one queue: who could take a message now, in the order in which they are served.
struct ClaimLine {
    private var ordinary = ClaimList()
    /// Those who are served when there is no one else.
    private var late = ClaimList()

    var isEmpty: Bool { ordinary.isEmpty && late.isEmpty }
    /// Who is served next; 0 if no one is.
    var first: UInt32 { ordinary.isEmpty ? late.first : ordinary.first }

    /// Where its two parts begin.
    var beginnings: [UInt32] { [ordinary.first, late.first] }

    mutating func append(_ slot: UInt32, isLate: Bool, in claims: borrowing Slab<Claim>) {
        claims[slot].isLate = isLate
        if isLate { late.append(slot, in: claims) } else { ordinary.append(slot, in: claims) }
    }

    mutating func remove(_ slot: UInt32, in claims: borrowing Slab<Claim>) {
        if claims[slot].isLate { late.remove(slot, in: claims) } else { ordinary.remove(slot, in: claims) }
    }

    /// Who has been served goes to the end.
    mutating func rotate(in claims: borrowing Slab<Claim>) {
        if ordinary.isEmpty { late.rotate(in: claims) } else { ordinary.rotate(in: claims) }
    }
}

/// Claims on one queue, in the order in which they came.
struct ClaimList {
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
