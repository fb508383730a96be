/// How a run goes on in the very segment that the last one has left, as there is no space for another: what was set
/// aside in it for deletes is still there, and so nothing is used up by starting again and again.
///
/// Nothing may be appended behind a torn tail that could come back to life, so what lies behind the entries is
/// overwritten with zeros first, and that is synced. If the power goes meanwhile, what is left of the tail is as torn
/// as it was.
struct Resumption {
    private static let piece = 64 << 10

    let segment: StoredSegment
    let file: DiskFile
    /// Where the next entries go.
    let end: UInt64

    /// Nil if the last segment cannot take anything more: it is of an earlier format or nearly full, as one is that has
    /// given back what it had not used; or there is not even the space to write where something was written before.
    init?(_ predecessor: Continuation, on disk: any Disk) throws(DiskError) {
        guard let last = predecessor.last, last.header.version == SegmentHeader.currentVersion,
            SegmentLayout(segment: last.number, offset: predecessor.end, capacity: last.size, nextCapacity: last.size)
                .nextSegment == last.number
        else { return nil }
        segment = last
        file = try disk.open(last.name)
        do throws(DiskError) {
            try Self.clear(file, from: predecessor.end, on: disk)
            try disk.sync(file)
            end = try Self.endOfEntries(file, last.header, before: predecessor.end, on: disk)
        } catch {
            disk.close(file)
            if error.kind == .noSpace { return nil }
            throw error
        }
    }

    /// Writes zeros where there are none, up to the end of the file. Elsewhere blocks that were never written would
    /// become written ones, which may take space.
    private static func clear(_ file: DiskFile, from start: UInt64, on disk: any Disk) throws(DiskError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 8)
        defer { buffer.deallocate() }
        var offset = start
        while true {
            let read = try disk.read(file, at: offset, into: buffer)
            if read == 0 { return }
            let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<read])
            if bytes.contains(where: { $0 != 0 }) {
                bytes.initializeMemory(as: UInt8.self, repeating: 0)
                try disk.write(file, at: offset, UnsafeRawBufferPointer(bytes))
            }
            offset += UInt64(read)
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
