/// How the model's lines are compared with the core's, as text.
enum LineComparison {
    /// In an expected line: the messages behind this may come in any order.
    static let anyOrder = "~"
    /// In an expected line: what follows is left open.
    static let anything = "*~"

    static func agree(_ actual: String, _ expected: String) -> Bool {
        if actual == expected { return true }
        if expected.hasSuffix(anything + "}") { return actual.hasPrefix(expected.dropLast(anything.count + 1)) }
        guard let mark = firstRange(of: anyOrder, in: expected) else { return false }
        let ordered = values(of: "{\"id\":", in: String(expected[..<mark.lowerBound])).count
        let wanted = expected.split(separator: anyOrder + ",").joined()
        return sorted(actual, keeping: ordered) == sorted(wanted, keeping: ordered)
    }

    /// The line without what is for people (reasons, explanations) and without rates.
    static func essence(of line: String) -> String {
        var text = line
        if text.hasPrefix("{\"ok\":false") {
            text = removing("\"reason\":\"", from: text)
        } else if text.contains(",\"reasons\":[") {
            text = removing("\"text\":\"", from: text)
        }
        if let rates = firstRange(of: ",\"send_rate\":", in: text) { text = text[..<rates.lowerBound] + "}" }
        if let server = firstRange(of: ",\"version\":", in: text) { text = text[..<server.lowerBound] + "}" }
        return text
    }

    /// Takes out every member that begins with `key`, a name and the quote of its value, with the comma before it.
    static func removing(_ key: String, from text: String) -> String {
        var rest = text[...]
        var kept = ""
        while let range = firstRange(of: "," + key, in: rest) {
            kept += rest[..<range.lowerBound]
            var end = range.upperBound
            while rest[end] != "\"" { end = rest.index(end, offsetBy: rest[end] == "\\" ? 2 : 1) }
            rest = rest[rest.index(after: end)...]
        }
        return kept + rest
    }

    static func values(of key: String, in text: String) -> [String] {
        var rest = text[...]
        var found: [String] = []
        while let range = firstRange(of: key, in: rest) {
            let end = rest[range.upperBound...].firstIndex(of: "\"") ?? rest.endIndex
            found.append(String(rest[range.upperBound..<end]))
            rest = rest[end...]
        }
        return found
    }

    static func replace(_ old: String, with new: String, in text: String) -> String {
        guard let range = firstRange(of: old, in: text[...]) else { return text }
        return text[..<range.lowerBound] + new + text[range.upperBound...]
    }

    static func firstRange(of part: String, in text: some StringProtocol) -> Range<String.Index>? {
        let bytes = text.utf8
        let wanted = Array(part.utf8)
        var start = bytes.startIndex
        while let first = bytes[start...].firstIndex(of: wanted[0]) {
            if bytes[first...].starts(with: wanted) { return first..<bytes.index(first, offsetBy: wanted.count) }
            start = bytes.index(after: first)
        }
        return nil
    }

    /// A line with `messages`, of which those behind the first `count` stand in alphabetical order.
    private static func sorted(_ line: String, keeping count: Int) -> [String] {
        let texts = line.split(separator: "{\"id\":").map { part in
            var text = part.drop { $0 == "," }
            while let last = text.last, ",]}".contains(last) { text.removeLast() }
            return String(text)
        }
        return Array(texts.prefix(1 + count)) + texts.dropFirst(1 + count).sorted()
    }
}
