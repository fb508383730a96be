/// The search for the end of a line: 32 or 8 bytes at a time.
enum LineFeed {
    /// The index of the first LF at or behind `start`; nil if there is none.
    ///
    /// Unsafe memory: a word is loaded only where all of it lies below `bytes.count`.
    static func firstIndex(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count else { return nil }
        var index = start
        while bytes.count - index >= 32 {
            let place = base + index
            let words = (mark(place), mark(place + 8), mark(place + 16), mark(place + 24))
            guard words.0 | words.1 | words.2 | words.3 == 0 else { break }
            index += 32
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
