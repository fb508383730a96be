/// How a run goes on in the very segment that the last one has left, as there is no space for another: what was set
/// aside in it for deletes is still there, and so nothing is used up by starting again and again.
struct Resumption {
    let segment: StoredSegment
    let file: DiskFile
    /// Where the next entries go, once what lies there is cleared (`Settlement`).
    let offset: UInt64

    /// Nil if the last segment cannot take anything more: it is of an earlier format or nearly full, or has given back
    /// what it had not used, and ends with a mark that says so.
    init?(_ predecessor: Continuation, on disk: any Disk) throws(DiskError) {
        guard let last = predecessor.last, last.header.version == SegmentHeader.currentVersion,
            last.size >= last.header.capacity,
            SegmentLayout(segment: last.number, offset: predecessor.end, capacity: last.size, nextCapacity: last.size)
                .nextSegment == last.number
        else { return nil }
        segment = last
        offset = predecessor.nextBatch
        file = try disk.open(last.name)
    }
}
