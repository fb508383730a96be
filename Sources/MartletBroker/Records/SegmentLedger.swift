/// How many messages each segment of the journal still holds (those whose recovery begins with a record in it), and how
/// many bytes were written to it.
///
/// Segments are numbered on and on; messages keep a tag of few bits, so no more than `most` are there at a time: then
/// nothing new is taken. With the smallest segments that is 31 GiB.
struct SegmentLedger {
    static let most = Int(SegmentTag.count) - 10_000

    /// The oldest segment that is kept.
    private(set) var first: UInt32
    /// Of `first` and those behind it; the last is the one being written.
    private var counts: [Int] = [0]
    private var sizes: [Int] = [0]
    /// Bytes in all segments.
    private(set) var bytes = 0
    /// Segments of earlier runs that begin with entries recorded for the one before them (too large for what was left
    /// of it): a queue named there need not be stated there.
    private var dependent: Set<UInt32> = []

    init(first: UInt32) { self.first = first }

    /// The segment that is being written.
    var current: UInt32 { first + UInt32(counts.count - 1) }
    /// How many segments there are.
    var count: Int { counts.count }
    /// The one of `current`.
    var tag: SegmentTag { SegmentTag(current) }

    func messages(in segment: UInt32) -> Int { counts[Int(segment - first)] }

    /// The number of a segment from its tag.
    func segment(of tag: SegmentTag) -> UInt32 { first + UInt32(tag.distance(from: first)) }

    /// The journal has gone on to a later segment.
    mutating func advance(to segment: UInt32) {
        precondition(segment >= current, "a journal only goes on")
        while current < segment {
            counts.append(0)
            sizes.append(0)
        }
    }

    /// Entries were written to the current segment.
    mutating func write(_ count: Int) {
        bytes += count
        sizes[sizes.count - 1] += count
    }

    /// The segment begins with entries that were recorded before it was known, and that count for it.
    mutating func noteDependent(_ segment: UInt32) { dependent.insert(segment) }

    mutating func add() { counts[counts.count - 1] += 1 }

    mutating func add(_ tag: SegmentTag) { counts[tag.distance(from: first)] += 1 }

    mutating func remove(_ tag: SegmentTag) { counts[tag.distance(from: first)] -= 1 }

    /// The segment behind the longest run of segments without messages at the old end.
    var firstInUse: UInt32 {
        let dead = counts.dropLast().prefix { $0 == 0 }.count
        return first + UInt32(dead)
    }

    /// Bytes of the segments before this one.
    func bytes(before segment: UInt32) -> Int { sizes.prefix(Int(segment - first)).reduce(0, +) }

    /// The latest segment, not after this one, before which everything may be cut.
    func cut(notAfter segment: UInt32) -> UInt32 {
        var segment = segment
        while segment > first, dependent.contains(segment) { segment -= 1 }
        return segment
    }

    /// The segment nearest to this one, rather before than behind it, before which everything may be cut; the first one
    /// if there is none.
    func cut(near segment: UInt32) -> UInt32 {
        let before = cut(notAfter: segment)
        if before > first { return before }
        return (segment...max(segment, current)).first { !dependent.contains($0) } ?? first
    }

    /// Everything before the segment is gone.
    mutating func cut(before segment: UInt32) {
        precondition(segment >= first && segment <= current, "what is being written is not cut")
        precondition(counts.prefix(Int(segment - first)).allSatisfy { $0 == 0 }, "what is needed is not cut")
        bytes -= sizes.prefix(Int(segment - first)).reduce(0, +)
        counts.removeFirst(Int(segment - first))
        sizes.removeFirst(Int(segment - first))
        first = segment
        dependent = dependent.filter { $0 >= segment }
    }
}
