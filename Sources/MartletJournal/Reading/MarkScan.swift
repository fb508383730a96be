/// Looks for marks where nothing says at which offset an entry begins: behind damage.
enum MarkScan {
    private static let pieceSize = 1 << 20

    /// Calls `body` with every whole mark of the segment that begins at `start` or later, until it returns false.
    /// - Parameter header: nil if it cannot be read.
    static func forEach(
        in file: DiskFile,
        of header: SegmentHeader?,
        on disk: any SegmentSource,
        from start: UInt64,
        _ body: (_ offset: UInt64, _ mark: Mark) -> Bool
    ) throws(DiskError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 8)
        defer { buffer.deallocate() }
        var offset = start
        var held = 0
        while true {
            let space = UnsafeMutableRawBufferPointer(rebasing: buffer[held...])
            let read = try disk.read(file, at: offset + UInt64(held), into: space)
            if read == 0 { return }
            held += read
            guard held >= Mark.size else { continue }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<held])
            for candidate in candidates(in: bytes) {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[candidate...])
                guard let mark = header.map({ Mark(at: rest, header: $0) }) ?? Mark(at: rest) else { continue }
                guard body(offset + UInt64(candidate), mark) else { return }
            }
            // A mark may begin in the last bytes and end in the next piece.
            let kept = Mark.size - 1
            let tail = UnsafeRawBufferPointer(rebasing: buffer[(held - kept)..<held])
            buffer.copyMemory(from: tail)
            offset += UInt64(held - kept)
            held = kept
        }
    }

    /// Offsets at which a whole mark could begin. Eight bytes that are all below 128 are passed in one step: text and
    /// zeros mostly are.
    private static func candidates(in bytes: UnsafeRawBufferPointer) -> [Int] {
        var found: [Int] = []
        let last = bytes.count - Mark.size
        // The fourth byte of a mark is 0x80, so this looks at the bytes from the third on.
        var offset = 0
        while offset <= last {
            if offset + 11 <= bytes.count, bytes.word64(offset + 3) & 0x8080_8080_8080_8080 == 0 {
                offset += 8
                continue
            }
            let end = min(offset + 7, last)
            for candidate in offset...end where bytes.word32(candidate) == Mark.word { found.append(candidate) }
            offset = end + 1
        }
        return found
    }
}
