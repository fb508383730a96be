/// Strings: the longest part of most lines, so their plain bytes are looked at 32 at a time.
extension JSONScanner {
    /// A string, the opening quote of which stands at the cursor. True if it holds escapes.
    mutating func skipString() throws(Rejection) -> Bool {
        place += 1
        var escaped = false
        while true {
            skipPlainRun()
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                return escaped
            case UInt8(ascii: "\\"):
                escaped = true
                try skipEscape()
            case 0x80...:
                repeat { try skipMultibyteCharacter() } while byte >= 0x80
            default:
                throw rejection(place == end ? .text : .control)
            }
        }
    }

    /// Moves on to the next quote, backslash, control character, byte over 0x7F, or the end.
    @inline(__always)
    mutating func skipPlainRun() {
        var ahead = place
        // The cursor is moved once, at the end.
        defer { place = ahead }
        while end - ahead >= 32 {
            let first = Self.stops(in: ahead.loadUnaligned(as: SIMD16<UInt8>.self))
            let second = Self.stops(in: ahead.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self))
            guard Self.highBits(of: first | second) == 0 else { break }
            ahead += 32
        }
        while end - ahead >= 8 {
            let stops = Self.stops(in: UInt64(littleEndian: ahead.loadUnaligned(as: UInt64.self)))
            if stops != 0 {
                ahead += stops.trailingZeroBitCount / 8
                return
            }
            ahead += 8
        }
        guard end - start >= 8 else { return skipPlainBytes(&ahead) }
        // The last word of the text, less what was seen; zeros behind the end stop the run there.
        let seen = UInt64(truncatingIfNeeded: (8 - (end - ahead)) * 8)
        guard seen < 64 else { return }
        let stops = Self.stops(in: UInt64(littleEndian: (end - 8).loadUnaligned(as: UInt64.self)) >> seen)
        ahead += stops.trailingZeroBitCount / 8
    }

    /// The end of a text of less than eight bytes.
    @inline(never)
    private func skipPlainBytes(_ ahead: inout UnsafeRawPointer) {
        while ahead < end, Self.isPlain(ahead.load(as: UInt8.self)) { ahead += 1 }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// As below, for sixteen bytes. Only operators that compile to one instruction each: those that compare vectors
    /// become loops over their elements.
    @inline(__always)
    private static func stops(in bytes: SIMD16<UInt8>) -> SIMD16<UInt8> {
        let one = SIMD16<UInt8>(repeating: 1)
        let quote = (bytes ^ SIMD16<UInt8>(repeating: UInt8(ascii: "\""))) &- one
        let backslash = (bytes ^ SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))) &- one
        let control = bytes &- SIMD16<UInt8>(repeating: 0x20)
        return (quote | backslash) | (control | bytes)
    }

    /// Not 0 if a byte has its highest bit set.
    @inline(__always)
    private static func highBits(of bytes: SIMD16<UInt8>) -> UInt64 {
        let words = unsafeBitCast(bytes, to: SIMD2<UInt64>.self)
        return (words[0] | words[1]) & 0x8080_8080_8080_8080
    }

    /// The highest bit of each byte that ends a plain run.
    ///
    /// Subtracting 0x20 sets a byte's highest bit below 0x20, and from 0xA0 on, which ends a run anyway; subtracting 1
    /// from what is zero only where the sought character stood does so there, and again only from 0x81 on. A borrow
    /// reaches the next byte only from one that is itself a stop, so the lowest bit that is set is always right.
    @inline(__always)
    static func stops(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let control = word &- ones &* 0x20
        let quote = (word ^ ones &* UInt64(UInt8(ascii: "\""))) &- ones
        let backslash = (word ^ ones &* UInt64(UInt8(ascii: "\\"))) &- ones
        return (control | quote | backslash | word) & (ones &* 0x80)
    }

    // MARK: Escapes

    private mutating func skipEscape() throws(Rejection) {
        let beginning = place
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            place += 1
        case UInt8(ascii: "u"):
            try skipUnicodeEscape(beginning)
        default:
            throw rejection(place == end ? .text : .escape)
        }
    }

    /// `\uXXXX`, and the low half behind it if it is the high half of a surrogate pair.
    private mutating func skipUnicodeEscape(_ beginning: UnsafeRawPointer) throws(Rejection) {
        let unit = try readHexadecimalUnit()
        guard unit & 0xF800 == 0xD800 else { return }
        if unit < 0xDC00, byte == UInt8(ascii: "\\") {
            place += 1
            if byte == UInt8(ascii: "u"), try readHexadecimalUnit() & 0xFC00 == 0xDC00 { return }
        }
        place = beginning
        throw rejection(.surrogate)
    }

    /// The four digits behind the `u` at the cursor.
    private mutating func readHexadecimalUnit() throws(Rejection) -> UInt16 {
        var unit: UInt16 = 0
        place += 1
        for _ in 0..<4 {
            guard let digit = HexadecimalDigit.value(of: byte) else {
                throw rejection(place == end ? .text : .escape)
            }
            unit = unit << 4 | UInt16(digit)
            place += 1
        }
        return unit
    }

    // MARK: UTF-8

    /// Where a text that need not be JSON is not valid UTF-8; nil if it is.
    static func offsetOfInvalidUTF8(in text: UnsafeRawBufferPointer) -> Int? {
        guard var scanner = JSONScanner(text, maxDepth: 0) else { return nil }
        do throws(Rejection) {
            while scanner.place < scanner.end {
                if scanner.byte < 0x80 { scanner.place += 1 } else { try scanner.skipMultibyteCharacter() }
            }
            return nil
        } catch {
            return error.offset
        }
    }

    /// One character of two to four bytes, well-formed as table 3-7 of the Unicode standard has it: nothing overlong,
    /// no surrogates, nothing above U+10FFFF.
    private mutating func skipMultibyteCharacter() throws(Rejection) {
        let lead = byte
        var second: ClosedRange<UInt8> = 0x80...0xBF
        var following = 0
        switch lead {
        case 0xC2...0xDF: following = 1
        case 0xE0...0xEF:
            following = 2
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            following = 3
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: throw rejection(.utf8)
        }
        place += 1
        guard second.contains(byte) else { throw rejection(place == end ? .text : .utf8) }
        place += 1
        for _ in 1..<following {
            guard byte & 0xC0 == 0x80 else { throw rejection(place == end ? .text : .utf8) }
            place += 1
        }
    }
}

/// A digit of a `\u` escape.
enum HexadecimalDigit {
    @inline(__always)
    static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
