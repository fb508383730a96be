/// A growing run of bytes to be sent, with what is needed to write JSON into it.
///
/// It grows by doubling and keeps its memory when emptied, so that writing costs no allocation once warm. It does not
/// check that what is written is well-formed JSON: the reply writers are few, and transcripts check them.
///
/// Unsafe memory: `base` holds `capacity` bytes of which the first `count` are initialised; every write goes through
/// `reserve`, which makes room before the pointer is handed out.
public struct ByteBuffer: ~Copyable {
    @usableFromInline var base: UnsafeMutableRawPointer
    @usableFromInline var capacity: Int
    @usableFromInline var length = 0

    /// Bytes written so far.
    @inlinable package var count: Int { length }

    public init(capacity: Int = 4096) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// The bytes written so far; valid until the next write.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// The bytes written since `start`; valid until the next write.
    public func bytes(from start: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[start...]) }

    /// Forgets everything after the first `count` bytes; a buffer that one burst has blown up gives its memory back.
    public mutating func truncate(to count: Int, keepingCapacity kept: Int = .max) {
        precondition(count <= length, "a buffer is only cut, never grown, by truncation")
        length = count
        if capacity > kept, count <= kept { reallocate(kept) }
    }

    /// Forgets the first `count` bytes; what is left moves to the front.
    public mutating func removeFirst(_ count: Int) {
        precondition(count <= length, "no more is removed than there is")
        base.copyMemory(from: base + count, byteCount: length - count)
        length -= count
    }

    @usableFromInline @inline(never)
    mutating func reallocate(_ newCapacity: Int) {
        let grown = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
        grown.copyMemory(from: base, byteCount: length)
        base.deallocate()
        base = grown
        capacity = newCapacity
    }

    /// Room for `count` more bytes, at the returned place. `advance(by:)` takes what was written into the buffer.
    @inlinable
    public mutating func reserve(_ count: Int) -> UnsafeMutableRawPointer {
        if capacity - length < count { reallocate(max(capacity * 2, length + count)) }
        return base + length
    }

    /// Counts `count` bytes, written at the place that `reserve` returned, as part of the buffer.
    @inlinable
    public mutating func advance(by count: Int) {
        precondition(count <= capacity - length, "reserve() comes before advance(by:)")
        length += count
    }

    /// Overwrites four bytes that were written before: a length that was not known yet.
    @inlinable
    public mutating func replace(at offset: Int, with number: UInt32) {
        precondition(offset >= 0 && offset + 4 <= length, "only what was written is overwritten")
        base.storeBytes(of: number.littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    @inlinable
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count).copyMemory(from: start, byteCount: bytes.count)
        length += bytes.count
    }

    // Always inlined: the length of a literal is known where it is written, and a short copy of known length is a few
    // stores instead of a call.
    @inlinable @inline(__always)
    public mutating func append(_ literal: StaticString) {
        let count = literal.utf8CodeUnitCount
        reserve(count).copyMemory(from: literal.utf8Start, byteCount: count)
        length += count
    }

    @inlinable @inline(__always)
    public mutating func append(_ byte: UInt8) {
        reserve(1).storeBytes(of: byte, as: UInt8.self)
        length += 1
    }

    /// Appends what `body` writes: `room` bytes at most, which it has to know beforehand.
    @inlinable @inline(__always)
    public mutating func append(room: Int, _ body: (inout ByteWriter) -> Void) {
        var writer = ByteWriter(place: reserve(room))
        body(&writer)
        advance(by: writer.place - (base + length))
    }

    public mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// A decimal integer.
    @inlinable
    public mutating func append(integer: Int) {
        let start = reserve(Decimal.room)
        length += Decimal.write(integer, at: start) - start
    }

    /// A decimal integer, whose digits are returned for being written again.
    @inlinable @inline(__always)
    public mutating func append(keeping integer: Int) -> DecimalText {
        let start = reserve(Decimal.room)
        let end = Decimal.write(integer, at: start)
        length += end - start
        return DecimalText(integer, digits: start, count: end - start)
    }

    /// Lower-case hexadecimal digits without leading zeros.
    @inlinable
    public mutating func append(hexadecimal number: UInt64) {
        let start = reserve(Hexadecimal.room)
        length += Hexadecimal.write(number, at: start) - start
    }

    /// A number with at most three decimals, as durations and rates are reported; what no JSON library reads exactly
    /// becomes the largest that they do.
    public mutating func append(number: Double) {
        let bound = Double(JSONNumber.maximumInteger)
        let thousandths = number.isNaN ? 0 : Int(max(-bound, min(bound, (number * 1000).rounded())))
        if thousandths < 0 { append(UInt8(ascii: "-")) }
        append(integer: Int(thousandths.magnitude / 1000))
        let fraction = Int(thousandths.magnitude % 1000)
        guard fraction != 0 else { return }
        append(UInt8(ascii: "."))
        var place = 100
        var rest = fraction
        while rest > 0 {
            append(UInt8(ascii: "0") + UInt8(rest / place))
            rest %= place
            place /= 10
        }
    }

    /// A finite number in as few digits as read back as the same, as settings are reported.
    public mutating func append(exactly number: Double) {
        if let integer = Int(exactly: number), integer.magnitude <= JSONNumber.maximumInteger {
            append(integer: integer)
        } else {
            append(text: number.description)
        }
    }

    /// A JSON string of UTF-8 text: quoted, with what must be escaped escaped.
    public mutating func append(quoted text: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        var clean = 0
        for (index, byte) in text.enumerated()
        where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            append(UnsafeRawBufferPointer(rebasing: text[clean..<index]))
            append(escapeOf: byte)
            clean = index + 1
        }
        append(UnsafeRawBufferPointer(rebasing: text[clean...]))
        append(UInt8(ascii: "\""))
    }

    public mutating func append(quoted text: String) {
        var text = text
        text.withUTF8 { append(quoted: UnsafeRawBufferPointer($0)) }
    }

    private mutating func append(escapeOf byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        default:
            append("\\u00")
            if byte < 16 { append(UInt8(ascii: "0")) }
            append(hexadecimal: UInt64(byte))
        }
    }
}
