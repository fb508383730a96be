/// Writes and reads decimal digits, eight at a time in one machine word.
///
/// Unsafe memory: `room` bytes are writable from the place on, though fewer may count.
public enum Decimal {
    /// Bytes that may be written to: a sign and 20 digits, and what the last word writes beyond them.
    public static let room = 32

    /// Writes a number and returns the place behind it.
    @inlinable @inline(__always)
    public static func write(_ number: Int, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        if UInt(bitPattern: number) < 10 {
            start.storeBytes(of: UInt8(truncatingIfNeeded: number) &+ 0x30, as: UInt8.self)
            return start + 1
        }
        guard UInt(bitPattern: number) < 100_000_000 else { return writeLong(number, at: start) }
        return writeFirst(UInt(bitPattern: number), at: start)
    }

    /// A negative number, or one of more than eight digits.
    @usableFromInline @inline(never)
    static func writeLong(_ number: Int, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var place = start
        if number < 0 {
            place.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
            place += 1
        }
        return writeLong(number.magnitude, at: place)
    }

    private static func writeLong(_ number: UInt, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        guard number >= 100_000_000 else { return writeFirst(number, at: start) }
        let (high, low) = number.quotientAndRemainder(dividingBy: 100_000_000)
        let place = writeLong(high, at: start)
        place.storeBytes(of: digits(UInt64(low)).littleEndian | 0x3030_3030_3030_3030, as: UInt64.self)
        return place + 8
    }

    /// Digits without leading zeros of a number below 100,000,000.
    @inlinable @inline(__always)
    static func writeFirst(_ number: UInt, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        let digits = digits(UInt64(number))
        // Leading zeros are the lowest bytes; the digit before the end stays even if it is zero.
        let zeros = (digits | 1 << 56).trailingZeroBitCount & ~7
        let text = (digits | 0x3030_3030_3030_3030) >> UInt64(truncatingIfNeeded: zeros)
        start.storeBytes(of: text.littleEndian, as: UInt64.self)
        return start + (8 - zeros / 8)
    }

    /// The eight decimal digits of a number below 100,000,000, one in each byte, the first one lowest.
    ///
    /// It is halved three times: four digits in each half of the word, two in each quarter, one in each byte. The
    /// divisions are multiplications that are exact for numbers that small.
    @inlinable @inline(__always)
    static func digits(_ number: UInt64) -> UInt64 {
        let thousands = number / 10_000
        let halves = thousands | (number &- thousands &* 10_000) << 32
        let hundreds = ((halves &* 10_486) >> 20) & 0x7F_0000_007F
        let quarters = hundreds | (halves &- hundreds &* 100) << 16
        let tens = ((quarters &* 103) >> 10) & 0x0F_000F_000F_000F
        return tens | (quarters &- tens &* 10) << 8
    }

    /// The number that the digits at the beginning of eight characters make, the first of them lowest in the word; 0 if
    /// the first one is no digit.
    ///
    /// The reverse of `digits`: neighbours are joined three times. What a character that is no digit carries over in
    /// the search reaches only those behind it.
    @inlinable @inline(__always)
    static func read(_ characters: UInt64) -> (value: UInt64, count: Int) {
        let digits = characters ^ 0x3030_3030_3030_3030
        let others = ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
        let count = others.trailingZeroBitCount / 8
        guard count > 0 else { return (0, 0) }
        // Zeros before them instead of other characters behind them.
        let eight = digits << UInt64(truncatingIfNeeded: 64 - 8 * count)
        let quarters = (eight &* 10 &+ eight >> 8) & 0x00FF_00FF_00FF_00FF
        let halves = (quarters &* 100 &+ quarters >> 16) & 0x0000_FFFF_0000_FFFF
        return ((halves &* 10_000 &+ halves >> 32) & 0xFFFF_FFFF, count)
    }
}
