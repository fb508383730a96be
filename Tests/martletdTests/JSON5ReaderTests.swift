import FoundationEssentials
import Testing

@testable import martletd

struct JSON5ReaderTests {
    private func read(_ text: String) throws -> JSON5Value {
        var reader = JSON5Reader(text)
        return try reader.readDocument()
    }

    /// What Foundation's decoder makes of it, as an independent opinion.
    private struct Decoded: Decodable, Equatable {
        let summary: String

        init(summary: String) { self.summary = summary }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                summary = "null"
            } else if let value = try? container.decode(Bool.self) {
                summary = "\(value)"
            } else if let value = try? container.decode(Double.self) {
                summary = "\(value)"
            } else if let value = try? container.decode(String.self) {
                summary = "'\(value)'"
            } else if let value = try? container.decode([Decoded].self) {
                summary = "[\(value.map(\.summary).joined(separator: ","))]"
            } else {
                let value = try container.decode([String: Decoded].self).sorted { $0.key < $1.key }
                summary = "{\(value.map { "\($0.key):\($0.value.summary)" }.joined(separator: ","))}"
            }
        }
    }

    private func summary(_ value: JSON5Value) -> String {
        switch value.content {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): "'\(value)'"
        case .array(let elements): "[\(elements.map(summary).joined(separator: ","))]"
        case .object(let members):
            "{\(members.sorted { $0.key < $1.key }.map { "\($0.key):\(summary($0.value))" }.joined(separator: ","))}"
        }
    }

    @Test(arguments: [
        "{}", "[]", "{a: 1, 'b': 2, \"c\": 3,}", "[1, -2, +3, 0.5, 5., 1e3, 1E-2, 0x1F, -0,]",
        "// first\n{ /* second\n * third */ a: true, b: false, c: null }\n// last",
        #"['it\'s', "a\tb\n", "\x41\u0042\uD83D\uDE00"]"#,
        "{_a: {$b: {c1: [[[]]]}}}", "\t\r\n {a\n:\n1}", "'top'", "12", #"{"queue.*": {lease: 60}}"#,
    ])
    func readsAsTheDecoderDoes(text: String) throws {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        let decoded = try decoder.decode(Decoded.self, from: Data(text.utf8))
        let own = summary(try read(text))
        #expect(own == decoded.summary)
    }

    @Test func aTextMayGoOnInTheNextLine() throws {
        #expect(try read("'one \\\ntwo'").text == "one two")
        #expect(try read("'one \\\r\ntwo'").text == "one two")
    }

    @Test(arguments: [
        "", "{", "[", "{a}", "{a:}", "{a 1}", "{a:1 b:2}", "[1 2]", "{,}", "[,]", "'a", "'a\nb'", "{a:1}}", "tru", "01",
        "1e", "0x", "--1", "1.2.3", "/* open", "/ no", #"'\u12'"#, #"'\uD800'"#, #"'\1'"#, "{1a: 2}", "{a: b}", ".",
        "+",
    ])
    func refuses(text: String) { #expect(throws: JSON5Reader.SyntaxError.self) { try read(text) } }

    @Test func keepsTheOrderOfMembers() throws {
        let keys = (0..<200).map { "key\($0 * 7919 % 200)" }
        let value = try read("{" + keys.map { "\($0): 1" }.joined(separator: ",") + "}")
        #expect(value.members?.map(\.key) == keys)
    }

    @Test func knowsTheLines() throws {
        let members = try #require(try read("// one\n{\n  a: 1,\n  b: [\n\n 2],\n}").members)
        #expect(members.map(\.line) == [3, 4])
        #expect(members[1].value.elements?.first?.line == 6)
    }

    @Test func namesTheLineOfAMistake() {
        #expect(throws: JSON5Reader.SyntaxError(line: 3, reason: "`a` is given twice")) { try read("{a: 1,\n\na: 2}") }
        #expect(throws: JSON5Reader.SyntaxError(line: 2, reason: "expected `,` or `}`, found `b`")) {
            try read("{a: 1\n b: 2}")
        }
    }

    @Test func nestingIsLimited() {
        #expect(throws: JSON5Reader.SyntaxError.self) { try read(String(repeating: "[", count: 100_000)) }
    }
}
