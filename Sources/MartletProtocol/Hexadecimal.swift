/// Writes lower-case hexadecimal digits, eight at a time in one machine word.
///
/// Unsafe memory: `room` bytes are writable from the place on, though fewer may count.
public enum Hexadecimal {
    public static let room = 16

    /// Writes a number without leading zeros and returns the place behind it.
    @inlinable @inline(__always)
    public static func write(_ number: UInt64, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        let zeros = min(number.leadingZeroBitCount & ~3, 60)
        let shifted = number << UInt64(truncatingIfNeeded: zeros)
        start.storeBytes(of: digits(shifted >> 32), as: UInt64.self)
        start.storeBytes(of: digits(shifted & 0xFFFF_FFFF), toByteOffset: 8, as: UInt64.self)
        return start + (16 - zeros / 4)
    }

    /// The eight digits of a 32-bit number as they stand in memory.
    @inlinable @inline(__always)
    static func digits(_ number: UInt64) -> UInt64 {
        // A digit into each byte, the first one highest.
        var spread = (number | number << 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
        spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // 1 in each byte from ten on; those are letters, which stand 39 places behind the digits.
        let letters = ((spread &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        return (spread &+ 0x3030_3030_3030_3030 &+ letters &* 39).bigEndian
    }
}
