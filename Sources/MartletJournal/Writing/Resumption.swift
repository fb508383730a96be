/// How a run goes on in the very segment that the last one has left, as there is no space for another: what was set
/// aside in it for deletes is still there, and so nothing is used up by starting again and again.
struct Resumption {
    let segment: StoredSegment
    let file: DiskFile
    /// Where the next entries go, once what lies there is cleared (`Settlement`).
    let end: UInt64

    /// Nil if the last segment cannot take anything more: it is of an earlier format or nearly full, as one is that has
    /// given back what it had not used.
    init?(_ predecessor: Continuation, on disk: any Disk) throws(DiskError) {
        guard let last = predecessor.last, last.header.version == SegmentHeader.currentVersion,
            SegmentLayout(segment: last.number, offset: predecessor.end, capacity: last.size, nextCapacity: last.size)
                .nextSegment == last.number
        else { return nil }
        segment = last
        file = try disk.open(last.name)
        do throws(DiskError) {
            end = try Self.endOfEntries(file, last.header, before: predecessor.end, on: disk)
        } catch {
            disk.close(file)
            throw error
        }
    }

    /// A mark behind the last batch is where the next batch begins.
    private static func endOfEntries(
        _ file: DiskFile,
        _ header: SegmentHeader,
        before end: UInt64,
        on disk: any Disk
    ) throws(DiskError) -> UInt64 {
        guard end >= UInt64(SegmentHeader.size + Mark.size) else { return end }
        let start = end - UInt64(Mark.size)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: Mark.size, alignment: 8)
        defer { bytes.deallocate() }
        guard try disk.read(file, at: start, into: bytes) == Mark.size,
            let mark = Mark(at: UnsafeRawBufferPointer(bytes), header: header), mark.synced == start
        else { return end }
        return start
    }
}
