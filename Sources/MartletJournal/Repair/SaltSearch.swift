/// Looks for the salt of a segment whose header is damaged.
enum SaltSearch {
    /// The one that a mark in the segment verifies with, or else the header's own; nil if there is not even that.
    static func salt(of name: String, _ size: UInt64, on source: any SegmentSource) throws(DiskError) -> UInt64? {
        guard size >= UInt64(SegmentHeader.size) else { return nil }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(size), alignment: 8)
        defer { bytes.deallocate() }
        let file = try source.open(name)
        defer { source.close(file) }
        var count = 0
        while count < bytes.count {
            let read = try source.read(file, at: UInt64(count), into: .init(rebasing: bytes[count...]))
            if read == 0 { break }
            count += read
        }
        let found = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        return count < SegmentHeader.size ? nil : mark(in: found)?.salt ?? found.word64(16)
    }

    private static func mark(in bytes: UnsafeRawBufferPointer) -> Mark? {
        var offset = SegmentHeader.size
        while offset + Mark.size <= bytes.count {
            defer { offset += 1 }
            guard bytes.word32(offset) == Mark.word else { continue }
            let place = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + Mark.size)])
            let stamp = SegmentStamp(salt: place.word64(16), milliseconds: 0)
            if let mark = Mark(at: place, header: SegmentHeader(number: 0, stamp: stamp, capacity: 0)) { return mark }
        }
        return nil
    }
}
