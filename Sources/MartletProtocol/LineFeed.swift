/// The search for the end of a line: 32 or 8 bytes at a time.
enum LineFeed {
    /// The index of the first LF at or behind `start`; nil if there is none.
    ///
    /// Unsafe memory: a word is loaded only where all of it lies below `bytes.count`.
    static func firstIndex(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count else { return nil }
        var index = start
        while bytes.count - index >= 32 {
            let words = marks(in: (base + index).loadUnaligned(as: SIMD32<UInt8>.self))
            if words[0] | words[1] | words[2] | words[3] != 0 {
                for part in 0..<4 where words[part] != 0 {
                    return index + 8 * part + words[part].littleEndian.trailingZeroBitCount / 8
                }
            }
            index += 32
        }
        while bytes.count - index >= 8 {
            let word = marks(in: UInt64(littleEndian: (base + index).loadUnaligned(as: UInt64.self)))
            if word != 0 { return index + word.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            if base.load(fromByteOffset: index, as: UInt8.self) == 0x0A { return index }
            index += 1
        }
        return nil
    }

    /// The highest bit of each byte that is an LF: only 0 has it set after 1 is subtracted and not before.
    @inline(__always)
    private static func marks(in bytes: SIMD32<UInt8>) -> SIMD4<UInt64> {
        let difference = bytes ^ SIMD32(repeating: 0x0A)
        let zeros = (difference &- SIMD32(repeating: 1)) & ~difference & SIMD32(repeating: 0x80)
        return unsafeBitCast(zeros, to: SIMD4<UInt64>.self)
    }

    /// The same for eight bytes; a borrow can only add marks above the first, which alone is used.
    @inline(__always)
    private static func marks(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let difference = word ^ (ones &* 0x0A)
        return (difference &- ones) & ~difference & (ones &* 0x80)
    }
}
