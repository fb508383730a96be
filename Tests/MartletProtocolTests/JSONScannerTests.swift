import Testing

@testable import MartletProtocol

@Suite struct JSONScannerTests {
    static let accepted: [String] = [
        "0", "-0", "1", "10", "-12", "0.5", "-0.0", "1.0e5", "1E+2", "1e-2", "0e0", "123456789012345678901234567890",
        "1e400", "true", "false", "null", "\"\"", "[]", "{}", "[ ]", "{ }", " 1 ", "\t[\r1 ,2\n] ", "[[[]]]",
        #"{"a":1}"#, #"{"a":1,"a":2}"#, #"{"":{}}"#, #"[1,"x",null,true,{"y":[]}]"#, #""\"\\\/\b\f\n\r\t""#,
        #""\u0000""#,
        #""\uD834\uDD1E""#, #""\ud800\udc00""#, #""\uDBFF\uDFFF""#, #""\uFFFF""#, #""é€𝄞""#, "\"\u{7F}\"",
        "\"\u{10FFFF}\"",
        "\"\u{FEFF}\"", "\"\u{E000}\u{D7FF}\"", "\"/\"", #""0123456789abcdef0123456789abcdef0123456789é\n""#,
    ]

    @Test(arguments: accepted) func jsonIsAccepted(_ text: String) {
        #expect(JSONScanner.defect(Array(text.utf8)) == nil)
        #expect(NaiveJSON.accepts(Array(text.utf8)), "the second opinion must agree")
    }

    /// Each with the number of bytes before the one that is wrong.
    static let refused: [(String, Int)] = [
        ("", 0), (" ", 1), ("01", 1), ("-", 1), ("-a", 1), ("+1", 0), (".5", 0), ("1.", 2), ("1.e5", 2), ("1e", 2),
        ("1e+", 3), ("0x1", 1), ("00", 1), ("-01", 2), ("1 2", 2), ("NaN", 0), ("Infinity", 0), ("-Infinity", 1),
        ("tru", 0), ("True", 0), ("nul", 0), ("falsey", 5), ("[", 1), ("]", 0), ("[1", 2), ("[1,", 3), ("[1,]", 3),
        ("[,1]", 1), ("[1 2]", 3), ("[1}", 2), ("{", 1), ("{]", 1), ("{1:2}", 1), (#"{"a"}"#, 4), (#"{"a":}"#, 5),
        (#"{"a":1,}"#, 7), (#"{"a":1"#, 6), (#"{"a" 1}"#, 5), ("{'a':1}", 1), ("{a:1}", 1), (#"{"a":1]"#, 6),
        ("'x'", 0),
        ("\"", 1), ("\"abc", 4), (#""\""#, 3), (#""\x""#, 2), (#""\u12""#, 5), (#""\u12G4""#, 5), (#""\u""#, 3),
        (#""\uD800""#, 1), (#""\uDC00""#, 1), (#""\uD800x""#, 1), (#""\uD800\n""#, 1), (#""\uD800\uD800""#, 1),
        ("\"\u{1F}\"", 1), ("\"a\tb\"", 2), ("\"a\nb\"", 2), ("\u{FEFF}1", 0), ("[1]//", 3), ("/**/1", 0),
        ("1\u{0}", 1),
        ("\"0123456789abcdef0123456789abcdef\u{1}", 33), ("\u{A0}1", 0), (#""\U0041""#, 2), ("[\"a\",\n\"b]", 9),
    ]

    @Test(arguments: refused) func otherTextIsRefusedWhereItIsWrong(_ text: String, _ offset: Int) {
        #expect(JSONScanner.defect(Array(text.utf8))?.offset == offset)
        #expect(!NaiveJSON.accepts(Array(text.utf8)), "the second opinion must agree")
    }

    /// Inside of quotes, at every distance from the end so that each way of looking at bytes meets them.
    static let illFormed: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE2, 0x82], [0xE2, 0x82, 0x20], [0xF0, 0x80, 0x80, 0x80],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFE],
        [0xFF],
        [0xF8, 0x88, 0x80, 0x80, 0x80], [0xC3, 0xA9, 0xA9], [0x00], [0x0A], [0x1F],
    ]

    @Test(arguments: illFormed) func illFormedBytesAreRefused(_ bytes: [UInt8]) {
        for before in 0..<40 {
            for after in 0..<40 {
                let plain = { (count: Int) in [UInt8](repeating: UInt8(ascii: "x"), count: count) }
                let text = [0x22] + plain(before) + bytes + plain(after) + [0x22]
                let offset = JSONScanner.defect(text)?.offset
                #expect(offset.map { (before + 1...before + bytes.count + 1).contains($0) } == true)
            }
        }
    }

    @Test func everyPlainByteIsRecognisedInEveryPlace() {
        for byte in UInt8.min...UInt8.max {
            for before in 0..<20 {
                let text = [0x22] + [UInt8](repeating: 0x61, count: before) + [byte] + [0x22]
                let isAccepted = JSONScanner.defect(text) == nil
                #expect(isAccepted == (byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C))
                #expect(isAccepted == NaiveJSON.accepts(text))
            }
        }
    }

    @Test func nestingEndsAtTheLimit() {
        for (opening, closing) in [("[", "]"), (#"{"a":"#, "}")] {
            for depth in [1, 2, 64, 65] {
                let text = String(repeating: opening, count: depth) + (opening == "[" ? "" : "1")
                let whole = Array((text + String(repeating: closing, count: depth)).utf8)
                #expect((JSONScanner.defect(whole) == nil) == (depth <= 64))
                #expect((JSONScanner.defect(whole, maxDepth: depth - 1)?.cause) == .depth)
                #expect(NaiveJSON.accepts(whole) == (depth <= 64))
            }
        }
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
        #expect(JSONScanner.defect(deep) == Rejection(cause: .depth, offset: 64))
    }

    @Test func aTextCutAnywhereIsNoLongerOne() {
        let text = Array(
            #"{"a":[1.5e3,"é\u00e9\ud834\udd1e",true,false,null,{"b":"0123456789abcdef0123456789abcdef"}]}"#.utf8
        )
        #expect(JSONScanner.defect(text) == nil)
        for length in 0..<text.count {
            #expect(JSONScanner.defect(Array(text[..<length])) != nil)
        }
    }

    @Test func theReasonNamesTheByteCountedFromOne() {
        #expect(Parsed(#"{"op":"ping",}"#).failure?.reason.contains("at byte 14 a member name") == true)
        #expect(Parsed(#"{"op":"ping""#).failure?.reason.contains("ends too early: after byte 12") == true)
        for cause in Rejection.Cause.allCases {
            #expect(!Rejection(cause: cause, offset: 0).reason(length: 9, maxDepth: 5).isEmpty)
        }
    }
}
