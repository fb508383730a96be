/// A growing run of bytes to be sent, with what is needed to write JSON into it.
///
/// It grows by doubling and keeps its memory when emptied, so that writing costs no allocation once warm. It does not
/// check that what is written is well-formed JSON: the reply writers are few, and transcripts check them.
///
/// Unsafe memory: `base` holds `capacity` bytes of which the first `count` are initialised; every write goes through
/// `reserve`, which makes room before the pointer is handed out.
package struct ByteBuffer: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    package private(set) var count = 0

    package init(capacity: Int = 4096) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// The bytes written so far; valid until the next write.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// The bytes written since `start`; valid until the next write.
    package func bytes(from start: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[start...]) }

    /// Forgets everything after the first `count` bytes; a buffer that one burst has blown up gives its memory back.
    package mutating func truncate(to count: Int, keepingCapacity kept: Int = .max) {
        precondition(count <= self.count, "a buffer is only cut, never grown, by truncation")
        self.count = count
        if capacity > kept, count <= kept { reallocate(kept) }
    }

    /// Forgets the first `count` bytes; what is left moves to the front.
    package mutating func removeFirst(_ count: Int) {
        precondition(count <= self.count, "no more is removed than there is")
        base.copyMemory(from: base + count, byteCount: self.count - count)
        self.count -= count
    }

    private mutating func reallocate(_ newCapacity: Int) {
        let grown = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
        grown.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = grown
        capacity = newCapacity
    }

    /// Room for `length` more bytes, at the returned place. `advance(by:)` takes what was written into the buffer.
    package mutating func reserve(_ length: Int) -> UnsafeMutableRawPointer {
        if capacity - count < length { reallocate(max(capacity * 2, count + length)) }
        return base + count
    }

    /// Counts `length` bytes, written at the place that `reserve` returned, as part of the buffer.
    package mutating func advance(by length: Int) {
        precondition(length <= capacity - count, "reserve() comes before advance(by:)")
        count += length
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    package mutating func append(_ literal: StaticString) {
        let length = literal.utf8CodeUnitCount
        reserve(length).copyMemory(from: literal.utf8Start, byteCount: length)
        count += length
    }

    package mutating func append(_ byte: UInt8) {
        reserve(1).storeBytes(of: byte, as: UInt8.self)
        count += 1
    }

    package mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// A decimal integer.
    package mutating func append(integer: Int) {
        if integer < 0 { append(UInt8(ascii: "-")) }
        var rest = integer.magnitude
        let digits = Self.digitCount(rest)
        let end = reserve(digits) + digits
        var place = end
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            place -= 1
            place.storeBytes(of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit), as: UInt8.self)
            rest = quotient
        } while rest > 0
        count += digits
    }

    private static func digitCount(_ number: UInt) -> Int {
        var digits = 1
        var bound: UInt = 10
        while number >= bound, digits < 20 {
            digits += 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            if overflow { break }
            bound = next
        }
        return digits
    }

    /// Lower-case hexadecimal digits without leading zeros.
    package mutating func append(hexadecimal number: UInt64) {
        let digits = max(1, (64 - number.leadingZeroBitCount + 3) / 4)
        let place = reserve(digits)
        for index in 0..<digits {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(4 * (digits - 1 - index))) & 15
            let character = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            place.storeBytes(of: character, toByteOffset: index, as: UInt8.self)
        }
        count += digits
    }

    /// A number with at most three decimals, as durations and rates are reported.
    package mutating func append(number: Double) {
        let thousandths = Int((number * 1000).rounded())
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

    /// A JSON string of UTF-8 text: quoted, with what must be escaped escaped.
    package mutating func append(quoted text: UnsafeRawBufferPointer) {
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

    package mutating func append(quoted text: String) {
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
