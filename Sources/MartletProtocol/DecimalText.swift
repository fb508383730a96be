/// The digits of a number that is written over and over, such as the instant at which a thousand messages were sent:
/// made once, then copied.
public struct DecimalText: BitwiseCopyable {
    @usableFromInline var number = -1
    @usableFromInline var count = 0
    @usableFromInline var digits = SIMD32<UInt8>()

    @inlinable
    public init() {}

    /// - Parameter digits: what `Decimal.write` has written, with all of its room.
    @inlinable @inline(__always)
    init(_ number: Int, digits: UnsafeMutableRawPointer, count: Int) {
        self.number = number
        self.count = count
        self.digits = digits.loadUnaligned(as: SIMD32<UInt8>.self)
    }

    /// Writes a number at a place with `Decimal.room`, and returns the place behind it.
    @inlinable @inline(__always)
    public mutating func write(_ number: Int, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        if number != self.number { make(number) }
        start.storeBytes(of: digits, as: SIMD32<UInt8>.self)
        return start + count
    }

    @usableFromInline @inline(never)
    mutating func make(_ number: Int) {
        self.number = number
        count = withUnsafeMutableBytes(of: &digits) { room in
            room.baseAddress.map { Decimal.write(number, at: $0) - $0 } ?? 0
        }
    }
}
