/// The search for the end of a line: 64 or 8 bytes at a time.
enum LineFeed {
    /// The index of the first LF at or behind `start`; nil if there is none.
    ///
    /// Unsafe memory: a word is loaded only where all of it lies below `bytes.count`.
    static func firstIndex(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count else { return nil }
        var index = start
        while bytes.count - index >= 64 {
            let place = base + index
            let marks = (mark(at: place) | mark(at: place + 16)) | (mark(at: place + 32) | mark(at: place + 48))
            let words = unsafeBitCast(marks, to: SIMD2<UInt64>.self)
            guard (words[0] | words[1]) & 0x8080_8080_8080_8080 == 0 else { break }
            index += 64
        }
        while bytes.count - index >= 8 {
            let word = mark(base + index)
            if word != 0 { return index + word.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            if base.load(fromByteOffset: index, as: UInt8.self) == 0x0A { return index }
            index += 1
        }
        return nil
    }

    /// The highest bit of each byte that is an LF: only 0 has it set after 1 is subtracted and not before. Of vectors
    /// only such operators compile to one instruction each.
    @inline(__always)
    private static func mark(at place: UnsafeRawPointer) -> SIMD16<UInt8> {
        let difference = place.loadUnaligned(as: SIMD16<UInt8>.self) ^ SIMD16<UInt8>(repeating: 0x0A)
        return (difference &- SIMD16<UInt8>(repeating: 1)) & ~difference
    }

    /// The highest bit of each byte that is an LF, for the eight bytes from `place` on: only 0 has it set after 1 is
    /// subtracted and not before. A borrow can only add marks above the first, which alone is used.
    @inline(__always)
    private static func mark(_ place: UnsafeRawPointer) -> UInt64 {
        let word = UInt64(littleEndian: place.loadUnaligned(as: UInt64.self))
        let ones: UInt64 = 0x0101_0101_0101_0101
        let difference = word ^ (ones &* 0x0A)
        return (difference &- ones) & ~difference & (ones &* 0x80)
    }
}
