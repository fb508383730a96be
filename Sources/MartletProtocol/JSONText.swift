/// What a JSON string says once its escapes are decoded.
enum JSONText {
    /// Writes the decoded UTF-8 of a string that the scanner has passed, and returns its length.
    ///
    /// Decoded text is never longer than its escaped form, so `target` needs as many bytes as `contents` has.
    /// - Parameter contents: what stands between the quotes.
    static func decode(_ contents: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int {
        precondition(target.count >= contents.count, "the caller has made room for the text")
        var read = 0
        var written = 0
        while read < contents.count {
            let byte = contents[read]
            if byte != UInt8(ascii: "\\") {
                target[written] = byte
                read += 1
                written += 1
            } else if contents[read + 1] == UInt8(ascii: "u") {
                // The scanner lets no half of a surrogate pair stand alone, so the replacement is never written.
                for byte in UTF8.encode(scalar(in: contents, at: &read)) ?? UTF8.encodedReplacementCharacter {
                    target[written] = byte
                    written += 1
                }
            } else {
                target[written] = character(ofEscape: contents[read + 1])
                read += 2
                written += 1
            }
        }
        return written
    }

    /// The character of the `\uXXXX` (or the pair of them) at `place`, which moves behind it.
    private static func scalar(in contents: UnsafeRawBufferPointer, at place: inout Int) -> Unicode.Scalar {
        let high = unit(in: contents, at: &place)
        guard high & 0xFC00 == 0xD800, place < contents.count else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
        let low = unit(in: contents, at: &place)
        return Unicode.Scalar(0x10000 + (high & 0x3FF) << 10 + low & 0x3FF) ?? "\u{FFFD}"
    }

    private static func unit(in contents: UnsafeRawBufferPointer, at place: inout Int) -> UInt32 {
        var unit: UInt32 = 0
        for index in place + 2..<place + 6 {
            unit = unit << 4 | UInt32(HexadecimalDigit.value(of: contents[index]) ?? 0)
        }
        place += 6
        return unit
    }

    private static func character(ofEscape letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }
}
