/// Member names and names of operations: short, and looked up as words.
extension JSONScanner {
    /// A string, the opening quote of which stands at the cursor, with its escapes decoded.
    ///
    /// A name of up to seven bytes without escapes, which most are, is found whole in one word.
    @inline(__always)
    mutating func readName() throws(Rejection) -> Name {
        guard byte == UInt8(ascii: "\"") else { throw rejection(.name) }
        if end - place > 8 {
            let word = UInt64(littleEndian: (place + 1).loadUnaligned(as: UInt64.self))
            let stops = Self.stops(in: word)
            if stops != 0 {
                let bits = UInt64(truncatingIfNeeded: stops.trailingZeroBitCount & ~7)
                if UInt8(truncatingIfNeeded: word >> bits) == UInt8(ascii: "\"") {
                    let length = Int(bits / 8)
                    place += length + 2
                    return Name(first: word & (1 << bits &- 1), length: length)
                }
            }
        }
        return try readLongName()
    }

    @inline(never)
    private mutating func readLongName() throws(Rejection) -> Name {
        let beginning = place + 1
        let escaped = try skipString()
        let contents = UnsafeRawBufferPointer(start: beginning, count: place - 1 - beginning)
        // A known name has at most 24 bytes, each of which an escape makes six at most.
        guard escaped, contents.count <= 144 else { return Name(contents) }
        var room = InlineArray<144, UInt8>(repeating: 0)
        return withUnsafeMutableBytes(of: &room) { decoded in
            let count = JSONText.decode(contents, into: decoded)
            return Name(UnsafeRawBufferPointer(rebasing: decoded[..<count]))
        }
    }
}
