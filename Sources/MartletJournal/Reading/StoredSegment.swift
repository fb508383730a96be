/// A segment that was found, with a header that can be read.
package struct StoredSegment: Sendable {
    package let name: String
    package let header: SegmentHeader
    /// Bytes that the file has.
    package let size: UInt64

    package var number: UInt32 { header.number }

    /// Reads the header of a file.
    static func header(of name: String, on disk: any SegmentSource) throws(DiskError) -> FoundHeader {
        let file = try disk.open(name)
        defer { disk.close(file) }
        let size = try disk.size(of: file)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: SegmentHeader.size, alignment: 8)
        defer { bytes.deallocate() }
        var count = 0
        while count < SegmentHeader.size {
            let space = UnsafeMutableRawBufferPointer(rebasing: bytes[count...])
            let read = try disk.read(file, at: UInt64(count), into: space)
            if read == 0 { break }
            count += read
        }
        let found = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        let result = Result { () throws(SegmentHeader.Defect) in try SegmentHeader(bytes: found) }
        return FoundHeader(
            result: result,
            mended: SegmentHeader.mended(found),
            size: size,
            salt: count < SegmentHeader.size ? nil : found.word64(16)
        )
    }
}

/// What a file begins with, and how many bytes it has.
struct FoundHeader {
    let result: Result<SegmentHeader, SegmentHeader.Defect>
    /// What it was if next to nothing of it is damaged.
    let mended: SegmentHeader?
    let size: UInt64
    /// What stands where the salt is, be the header damaged or not; nil if there are too few bytes.
    let salt: UInt64?
}
