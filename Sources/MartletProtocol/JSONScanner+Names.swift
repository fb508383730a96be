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
        // An escape takes six bytes at most for each that it stands for.
        guard escaped, contents.count <= 6 * Name.maximumLength else { return Name(contents) }
        return withUnsafeTemporaryAllocation(byteCount: 6 * Name.maximumLength, alignment: 1) { decoded in
            let count = JSONText.decode(contents, into: decoded)
            return Name(UnsafeRawBufferPointer(rebasing: decoded[..<count]))
        }
    }
}
