import Glibc

/// The instant at which a message was due to be sent, written into its body: `@` and 16 hexadecimal digits. It makes
/// every body different, as a program's would be, and tells how long a message was on its way. No server writes `@` by
/// itself.
enum Stamp {
    static let marker = UInt8(ascii: "@")
    static let length = 17
    /// What stands in a template until a stamp is written over it.
    static let blank = "@0000000000000000"

    /// Writes the digits after the marker, which is at `place` already. There must be room for `length` bytes.
    static func write(_ value: UInt64, to place: UnsafeMutableRawPointer) {
        // Eight digits at a time: spread the nibbles over bytes, then make letters of those above nine.
        place.storeBytes(of: digits(UInt32(truncatingIfNeeded: value >> 32)), toByteOffset: 1, as: UInt64.self)
        place.storeBytes(of: digits(UInt32(truncatingIfNeeded: value)), toByteOffset: 9, as: UInt64.self)
    }

    private static func digits(_ value: UInt32) -> UInt64 {
        var nibbles = UInt64(value)
        nibbles = (nibbles | nibbles << 16) & 0x0000_ffff_0000_ffff
        nibbles = (nibbles | nibbles << 8) & 0x00ff_00ff_00ff_00ff
        nibbles = (nibbles | nibbles << 4) & 0x0f0f_0f0f_0f0f_0f0f
        let letters = ((nibbles &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        let text = nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 39
        return text.bigEndian
    }

    /// The first stamp in `bytes`; nil if there is none.
    static func find(in bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard let start = bytes.baseAddress, let found = memchr(start, Int32(marker), bytes.count) else { return nil }
        let offset = UnsafeRawPointer(found) - start
        guard offset + length <= bytes.count else { return nil }
        var value: UInt64 = 0
        for digit in bytes[offset + 1..<offset + length] {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
