@testable import MartletProtocol

/// A second opinion on what is JSON: RFC 8259 written down as plainly as can be, on decoded characters instead of
/// bytes. It shares no code and no idea with the scanner.
struct NaiveJSON {
    private var rest: Substring.UnicodeScalarView
    private let maxDepth: Int

    static func accepts(_ text: [UInt8], maxDepth: Int = 64) -> Bool {
        guard let string = String(validating: text, as: UTF8.self) else { return false }
        var reader = NaiveJSON(rest: string[...].unicodeScalars, maxDepth: maxDepth)
        reader.blanks()
        guard reader.value(1) else { return false }
        reader.blanks()
        return reader.rest.isEmpty
    }

    private mutating func blanks() {
        while let scalar = rest.first, " \t\r\n".unicodeScalars.contains(scalar) { rest.removeFirst() }
    }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.unicodeScalars) else { return false }
        rest.removeFirst(text.unicodeScalars.count)
        return true
    }

    private mutating func value(_ depth: Int) -> Bool {
        if take("true") || take("false") || take("null") { return true }
        if take("{") { return depth <= maxDepth && list("}") { $0.member(depth) } }
        if take("[") { return depth <= maxDepth && list("]") { $0.value(depth + 1) } }
        return rest.first == "\"" ? string() : number()
    }

    private mutating func list(_ end: String, _ element: (inout NaiveJSON) -> Bool) -> Bool {
        blanks()
        if take(end) { return true }
        while true {
            blanks()
            guard element(&self) else { return false }
            blanks()
            if take(end) { return true }
            guard take(",") else { return false }
        }
    }

    private mutating func member(_ depth: Int) -> Bool {
        guard string() else { return false }
        blanks()
        guard take(":") else { return false }
        blanks()
        return value(depth + 1)
    }

    private mutating func digits() -> Int {
        var count = 0
        while let scalar = rest.first, ("0"..."9").contains(scalar) {
            rest.removeFirst()
            count += 1
        }
        return count
    }

    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0"), digits() == 0 { return false }
        if take("."), digits() == 0 { return false }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            return digits() > 0
        }
        return true
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let scalar = rest.first {
            if take("\"") { return true }
            if take("\\") {
                guard escape() else { return false }
            } else {
                guard scalar.value >= 0x20 else { return false }
                rest.removeFirst()
            }
        }
        return false
    }

    private mutating func escape() -> Bool {
        guard let letter = rest.popFirst() else { return false }
        guard letter == "u" else { return "\"\\/bfnrt".unicodeScalars.contains(letter) }
        guard let unit = hexadecimal() else { return false }
        if (0xDC00...0xDFFF).contains(unit) { return false }
        guard (0xD800...0xDBFF).contains(unit) else { return true }
        guard take("\\u"), let low = hexadecimal() else { return false }
        return (0xDC00...0xDFFF).contains(low)
    }

    private mutating func hexadecimal() -> Int? {
        let digits = String(String.UnicodeScalarView(rest.prefix(4)))
        guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit) else { return nil }
        rest.removeFirst(4)
        return Int(digits, radix: 16)
    }
}

extension JSONScanner {
    /// Where a text is no JSON value; nil if it is one.
    static func defect(_ text: [UInt8], maxDepth: Int = 64) -> Rejection? {
        text.withUnsafeBytes { bytes in
            guard var scanner = JSONScanner(bytes, maxDepth: maxDepth) else {
                return Rejection(cause: .value, offset: 0)
            }
            do throws(Rejection) {
                scanner.skipBlanks()
                try scanner.skipValue(depth: 0)
                try scanner.expectEnd()
                return nil
            } catch {
                return error
            }
        }
    }
}
