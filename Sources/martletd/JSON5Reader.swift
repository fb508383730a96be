/// Reads JSON5 (json5.org): JSON with comments, unquoted keys, single quotes, trailing commas and relaxed numbers.
///
///     var reader = JSON5Reader(text)
///     let value = try reader.readDocument()
///
/// Own, because a configuration's reader needs what decoders throw away: the order of an object's members, the line
/// that a value stands on, and the knowledge that a key was given twice.
struct JSON5Reader {
    struct SyntaxError: Error, Equatable {
        let line: Int
        let reason: String
    }

    /// Deeper nesting is refused, so that no file overflows the stack.
    private static let maximumDepth = 32

    private let characters: [Unicode.Scalar]
    private var place = 0
    private var line = 1
    private var depth = 0

    init(_ text: String) { characters = Array(text.unicodeScalars) }

    mutating func readDocument() throws(SyntaxError) -> JSON5Value {
        if peek == "\u{FEFF}" { place += 1 }
        let value = try readValue()
        try skipBlanks()
        guard peek == nil else { throw failure("nothing was expected after the closing brace") }
        return value
    }

    private var peek: Unicode.Scalar? { place < characters.count ? characters[place] : nil }

    private func failure(_ reason: String) -> SyntaxError { SyntaxError(line: line, reason: reason) }

    private func unexpected(_ expected: String) -> SyntaxError {
        failure("expected \(expected), found \(peek.map { $0 == "\n" ? "the line's end" : "`\($0)`" } ?? "the end")")
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == character else { return false }
        place += 1
        return true
    }

    // MARK: Blanks and comments

    private mutating func skipBlanks() throws(SyntaxError) {
        while let character = peek {
            if character == "\n" { line += 1 }
            if character.properties.isWhitespace || character == "\u{FEFF}" {
                place += 1
            } else if character == "/" {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(SyntaxError) {
        place += 1
        if take("/") {
            while let character = peek, character != "\n" { place += character == "\n" ? 0 : 1 }
        } else if take("*") {
            let start = line
            while !(peek == "*" && place + 1 < characters.count && characters[place + 1] == "/") {
                guard let character = peek else {
                    throw SyntaxError(line: start, reason: "the comment that begins here does not end")
                }
                if character == "\n" { line += 1 }
                place += 1
            }
            place += 2
        } else {
            throw unexpected("a comment")
        }
    }

    // MARK: Values

    private mutating func readValue() throws(SyntaxError) -> JSON5Value {
        try skipBlanks()
        let start = line
        return JSON5Value(content: try readContent(), line: start)
    }

    private mutating func readContent() throws(SyntaxError) -> JSON5Value.Content {
        switch peek {
        case "{": return .object(try nested { reader throws(SyntaxError) in try reader.readMembers() })
        case "[": return .array(try nested { reader throws(SyntaxError) in try reader.readElements() })
        case "\"", "'": return .string(try readString())
        case let character? where character == "+" || character == "-" || character == "." || isDigit(character):
            return .number(try readNumber())
        default: return try readWord()
        }
    }

    private mutating func nested<Result>(
        _ read: (inout JSON5Reader) throws(SyntaxError) -> Result
    ) throws(SyntaxError) -> Result {
        guard depth < Self.maximumDepth else { throw failure("nested deeper than \(Self.maximumDepth) levels") }
        depth += 1
        defer { depth -= 1 }
        place += 1
        return try read(&self)
    }

    private mutating func readMembers() throws(SyntaxError) -> [JSON5Value.Member] {
        var members: [JSON5Value.Member] = []
        while true {
            try skipBlanks()
            if take("}") { return members }
            let start = line
            let key = peek == "\"" || peek == "'" ? try readString() : try readName()
            if members.contains(where: { $0.key == key }) { throw failure("`\(key)` is given twice") }
            try skipBlanks()
            guard take(":") else { throw unexpected("`:` after `\(key)`") }
            members.append(JSON5Value.Member(key: key, line: start, value: try readValue()))
            try skipBlanks()
            if !take(","), peek != "}" { throw unexpected("`,` or `}`") }
        }
    }

    private mutating func readElements() throws(SyntaxError) -> [JSON5Value] {
        var elements: [JSON5Value] = []
        while true {
            try skipBlanks()
            if take("]") { return elements }
            elements.append(try readValue())
            try skipBlanks()
            if !take(","), peek != "]" { throw unexpected("`,` or `]`") }
        }
    }

    // MARK: Words and numbers

    private func isDigit(_ character: Unicode.Scalar) -> Bool { ("0"..."9").contains(character) }

    private mutating func readName() throws(SyntaxError) -> String {
        var name = ""
        while let character = peek,
            character.properties.isIDContinue || character == "$" || character == "_",
            !name.isEmpty || !isDigit(character)
        {
            name.unicodeScalars.append(character)
            place += 1
        }
        guard !name.isEmpty else { throw unexpected("a key, `}` or a value") }
        return name
    }

    private mutating func readWord() throws(SyntaxError) -> JSON5Value.Content {
        let word = try readName()
        switch word {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "Infinity": return .number(.infinity)
        case "NaN": return .number(.nan)
        default: throw failure("`\(word)` is no value; a text must be quoted")
        }
    }

    private mutating func readNumber() throws(SyntaxError) -> Double {
        let isNegative = peek == "-"
        if peek == "+" || peek == "-" { place += 1 }
        var text = ""
        while let character = peek,
            character.properties.isAlphabetic || isDigit(character) || "+-.".contains(Character(character))
        {
            // A sign goes on only with an exponent: 1e-3.
            if character == "+" || character == "-", text.last != "e" && text.last != "E" { break }
            text.unicodeScalars.append(character)
            place += 1
        }
        guard let number = Self.magnitude(text) else { throw failure("`\(text)` is no number") }
        return isNegative ? -number : number
    }

    private static func magnitude(_ text: String) -> Double? {
        if text == "Infinity" { return .infinity }
        if text == "NaN" { return .nan }
        if text.lowercased().hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16).map { Double($0) } }
        let mantissa = text.prefix { $0 != "e" && $0 != "E" }
        let digits = mantissa.filter { $0 != "." }
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        if mantissa.count > 1, mantissa.first == "0", mantissa.dropFirst().first != "." { return nil }
        return Double(
            (mantissa.first == "." ? "0" : "") + mantissa + (mantissa.last == "." ? "0" : "")
                + text.dropFirst(mantissa.count)
        )
    }
}

// MARK: Strings

extension JSON5Reader {
    private mutating func readString() throws(SyntaxError) -> String {
        let quote = peek
        place += 1
        var text = ""
        while let character = peek, character != quote {
            place += 1
            if character == "\n" { throw failure("a text ends on the line on which it begins") }
            if character == "\\" { try readEscape(into: &text) } else { text.unicodeScalars.append(character) }
        }
        guard peek != nil else { throw failure("the text that begins here does not end") }
        place += 1
        return text
    }

    private mutating func readEscape(into text: inout String) throws(SyntaxError) {
        guard let character = peek else { throw failure("the text that begins here does not end") }
        place += 1
        switch character {
        case "n": text.append("\n")
        case "t": text.append("\t")
        case "r": text.append("\r")
        case "b": text.append("\u{8}")
        case "f": text.append("\u{C}")
        case "v": text.append("\u{B}")
        case "0": text.append("\0")
        case "x": text.unicodeScalars.append(try scalar(try readHexadecimal(2)))
        case "u": try readUnicodeEscape(into: &text)
        case "\n": line += 1
        case "\r":
            if take("\n") { line += 1 }
        case "1"..."9": throw failure("`\\\(character)` is no escape")
        default: text.unicodeScalars.append(character)
        }
    }

    private mutating func readUnicodeEscape(into text: inout String) throws(SyntaxError) {
        var value = try readHexadecimal(4)
        if (0xD800...0xDBFF).contains(value), take("\\"), take("u") {
            let low = try readHexadecimal(4)
            guard (0xDC00...0xDFFF).contains(low) else { throw failure("half of a surrogate pair is missing") }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        text.unicodeScalars.append(try scalar(value))
    }

    private func scalar(_ value: UInt32) throws(SyntaxError) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(value) else { throw failure("half of a surrogate pair is missing") }
        return scalar
    }

    private mutating func readHexadecimal(_ count: Int) throws(SyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = peek.flatMap({ Character($0).hexDigitValue }) else {
                throw unexpected("a hexadecimal digit")
            }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        return value
    }
}
