/// A cursor over one JSON text that checks it strictly (RFC 8259) while moving on, and builds nothing.
///
///     guard var scanner = JSONScanner(line, maxDepth: 64) else { return }
///     scanner.skipBlanks()
///     try scanner.skipValue(depth: 0)
///     try scanner.expectEnd()
///
/// Every function moves over what it has read and throws where the text is wrong. The cost is linear in the text's
/// length, whatever the text; recursion is never deeper than `maxDepth`. It does not look at what names or values
/// mean, and lets a name stand twice in an object.
///
/// Unsafe memory: `start <= place <= end` always; bytes are read only below `end`, which `byte` and the runs in
/// `JSONScanner+Strings` check before each load. The text must outlive the scanner.
struct JSONScanner {
    let start: UnsafeRawPointer
    let end: UnsafeRawPointer
    var place: UnsafeRawPointer
    let maxDepth: Int

    /// Nil if there is no memory to read from at all.
    init?(_ text: UnsafeRawBufferPointer, maxDepth: Int) {
        guard let start = text.baseAddress else { return nil }
        self.start = start
        end = start + text.count
        place = start
        self.maxDepth = maxDepth
    }

    /// The byte at the cursor. 0 at the end: no rule of JSON accepts a zero byte, so the end need not be asked for.
    var byte: UInt8 {
        @inline(__always) get { place < end ? place.load(as: UInt8.self) : 0 }
    }

    /// The text from `beginning` up to the cursor.
    @inline(__always)
    func text(since beginning: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: beginning, count: place - beginning)
    }

    @inline(never)
    func rejection(_ cause: Rejection.Cause) -> Rejection { Rejection(cause: cause, offset: place - start) }

    // MARK: Structure

    @inline(__always)
    mutating func skipBlanks() {
        guard byte <= 0x20 else { return }
        while byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    /// Moves on to the first byte that is not in `characters`.
    ///
    /// The cursor is moved once, not at each byte: written to memory and read back it would cost more than the asking.
    @inline(__always)
    mutating func skip(_ characters: CharacterSet) {
        var ahead = place
        while ahead < end, characters.contains(ahead.load(as: UInt8.self)) { ahead += 1 }
        place = ahead
    }

    /// The colon after a name, with blanks on both sides.
    @inline(__always)
    mutating func skipColon() throws(Rejection) {
        skipBlanks()
        guard byte == UInt8(ascii: ":") else { throw rejection(.colon) }
        place += 1
        skipBlanks()
    }

    /// After a member: true if the object ends here, false if a comma leads on to the next one.
    @inline(__always)
    mutating func endsObject() throws(Rejection) -> Bool {
        skipBlanks()
        if byte == UInt8(ascii: ",") {
            place += 1
            skipBlanks()
            return false
        }
        guard byte == UInt8(ascii: "}") else { throw rejection(.commaOrBrace) }
        place += 1
        return true
    }

    /// After an element: true if the array ends here, false if a comma leads on to the next one.
    @inline(__always)
    mutating func endsArray() throws(Rejection) -> Bool {
        skipBlanks()
        if byte == UInt8(ascii: ",") {
            place += 1
            skipBlanks()
            return false
        }
        guard byte == UInt8(ascii: "]") else { throw rejection(.commaOrBracket) }
        place += 1
        return true
    }

    /// Moves into an object or array: over its opening and the blanks behind it. True if it is empty and passed.
    /// - Parameter depth: how many containers are open with this one.
    mutating func entersEmpty(closing: UInt8, depth: Int) throws(Rejection) -> Bool {
        guard depth <= maxDepth else { throw rejection(.depth) }
        place += 1
        skipBlanks()
        guard byte == closing else { return false }
        place += 1
        return true
    }

    /// Nothing but blanks is left.
    mutating func expectEnd() throws(Rejection) {
        skipBlanks()
        guard place == end else { throw rejection(.end) }
    }

    // MARK: Values

    /// Any value. `depth` counts the containers around it.
    mutating func skipValue(depth: Int) throws(Rejection) {
        switch byte {
        case UInt8(ascii: "\""): _ = try skipString()
        case UInt8(ascii: "{"): try skipObject(depth: depth + 1)
        case UInt8(ascii: "["): try skipArray(depth: depth + 1)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try readNumber()
        case UInt8(ascii: "t"): try skipLiteral("true")
        case UInt8(ascii: "f"): try skipLiteral("false")
        case UInt8(ascii: "n"): try skipLiteral("null")
        default: throw rejection(.value)
        }
    }

    private mutating func skipObject(depth: Int) throws(Rejection) {
        if try entersEmpty(closing: UInt8(ascii: "}"), depth: depth) { return }
        repeat {
            guard byte == UInt8(ascii: "\"") else { throw rejection(.name) }
            _ = try skipString()
            try skipColon()
            try skipValue(depth: depth)
        } while try !endsObject()
    }

    private mutating func skipArray(depth: Int) throws(Rejection) {
        if try entersEmpty(closing: UInt8(ascii: "]"), depth: depth) { return }
        repeat {
            try skipValue(depth: depth)
        } while try !endsArray()
    }

    /// One of `true`, `false`, `null`, whose first letter stands at the cursor.
    mutating func skipLiteral(_ literal: StaticString) throws(Rejection) {
        let beginning = place
        for index in 0..<literal.utf8CodeUnitCount {
            guard byte == literal.utf8Start[index] else {
                place = beginning
                throw rejection(.value)
            }
            place += 1
        }
    }
}
