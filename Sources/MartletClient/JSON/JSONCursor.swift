/// Walks over JSON text without decoding it: finds where a value ends, in one pass and without recursion.
///
/// It trusts that text to be well-formed in its details, as a reply of the server is: brackets are counted, strings
/// skipped, and nothing is checked that does not decide where a value ends.
struct JSONCursor {
    let bytes: [UInt8]
    var position: Int

    init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipBlanks() {
        while let byte = current, Self.isBlank(byte) { position += 1 }
    }

    /// Moves past `byte` and the blanks around it; false leaves the cursor at another byte.
    mutating func skip(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard current == byte else { return false }
        position += 1
        skipBlanks()
        return true
    }

    /// Moves past one value; nil leaves the cursor where the text is wrong.
    mutating func skipValue() -> Range<Int>? {
        let start = position
        switch current {
        case UInt8(ascii: "\""): guard skipString() else { return nil }
        case UInt8(ascii: "{"), UInt8(ascii: "["): guard skipContainer() else { return nil }
        default:
            while let byte = current, Self.isScalar(byte) { position += 1 }
            guard position > start else { return nil }
        }
        return start..<position
    }

    private mutating func skipString() -> Bool {
        position += 1
        while let byte = current {
            if byte == UInt8(ascii: "\"") {
                position += 1
                return true
            }
            if byte < 0x20 { return false }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return false
    }

    private mutating func skipContainer() -> Bool {
        var depth = 0
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                guard skipString() else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            position += 1
            if depth == 0 { return true }
        }
        return false
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private static func isScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// The one value that `text` is, without the blanks around it and on one line.
    static func normalised(_ text: [UInt8]) throws(JSONTextError) -> [UInt8] {
        var cursor = JSONCursor(text)
        cursor.skipBlanks()
        guard let range = cursor.skipValue() else { throw JSONTextError(offset: cursor.position) }
        cursor.skipBlanks()
        guard cursor.position == text.count else { throw JSONTextError(offset: cursor.position) }
        // Line breaks cannot be inside a string here: skipString() refuses them.
        return text[range].map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
    }
}
