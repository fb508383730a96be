/// Writes short pieces one behind the other into room that a `ByteBuffer` has made for all of them at once.
///
/// Unsafe memory: nothing is checked here; the buffer traps afterwards if there was more than room for. Whoever writes
/// adds up what the pieces take at most: a literal its length, a number `Decimal.room` or `Hexadecimal.room`.
public struct ByteWriter: ~Copyable {
    @usableFromInline var place: UnsafeMutableRawPointer

    @inlinable @inline(__always)
    init(place: UnsafeMutableRawPointer) { self.place = place }

    @inlinable @inline(__always)
    public mutating func append(_ literal: StaticString) {
        let count = literal.utf8CodeUnitCount
        place.copyMemory(from: literal.utf8Start, byteCount: count)
        place += count
    }

    @inlinable @inline(__always)
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        place.copyMemory(from: start, byteCount: bytes.count)
        place += bytes.count
    }

    @inlinable @inline(__always)
    public mutating func append(integer: Int) { place = Decimal.write(integer, at: place) }

    @inlinable @inline(__always)
    public mutating func append(hexadecimal number: UInt64) { place = Hexadecimal.write(number, at: place) }

    @inlinable @inline(__always)
    public mutating func append(_ text: DecimalText) {
        place.storeBytes(of: text.digits, as: SIMD32<UInt8>.self)
        place += text.count
    }

    @inlinable @inline(__always)
    public mutating func append(_ text: inout DecimalText, _ number: Int) { place = text.write(number, at: place) }
}
