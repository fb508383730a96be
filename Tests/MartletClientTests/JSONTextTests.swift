import Testing

@testable import MartletClient

@Suite struct JSONTextTests {
    @Test(arguments: [
        "1", "-1.50e+3", "true", "null", #""a\"b\\""#, "[]", "{}", #"{"b":1,"a":[1,{"c":"}"}]}"#, #""ü""#,
    ])
    func keepsOneValueByteForByte(text: String) throws {
        #expect(try JSONText(text).description == text)
        #expect(try JSONText(" \t\(text)\r\n").description == text)
    }

    /// None of these may get into a request: each would end its value early, or never.
    @Test(arguments: [
        "", " ", "1,2", #"1,"queue":"other""#, "1 2", #""a" "b""#, "{}}", "{}{}", "[", #"{"a":"#, #"""#, #""a\""#,
        "\"line\nbreak\"", "}", ",", ":",
    ])
    func refusesWhatIsNotOneValue(text: String) {
        #expect(throws: JSONTextError.self) { try JSONText(text) }
    }

    @Test func lineBreaksBetweenPartsBecomeBlanks() throws {
        #expect(try JSONText("{\n\"a\":\r\n1}").description == "{ \"a\":  1}")
    }

    @Test func saysWhereItIsWrong() {
        #expect(throws: JSONTextError(offset: 3)) { try JSONText("[1] 2".replacing(" ", with: "")) }
    }

    @Test(arguments: ["", "plain", "quote\" backslash\\ slash/", "line\nfeed\ttab\rreturn\u{01}\u{1F}", "ü🙂"])
    func stringsComeBack(text: String) throws {
        let json = try JSONText(encoding: text)
        #expect(!json.bytes.contains { $0 < 0x20 })
        #expect(try json.decode(String.self) == text)
        #expect(JSONSlice(bytes: json.bytes[...]).string == text)
    }

    struct Order: Codable, Equatable {
        var number: String
        var amount: Int
    }

    @Test func valuesComeBack() throws {
        let order = Order(number: "a/17", amount: 3)
        let json = try JSONText(encoding: order)
        #expect(json.description.contains("a/17"))
        #expect(try json.decode(Order.self) == order)
        #expect(throws: DecodingError.self) { try JSONText("[1]").decode(Order.self) }
    }
}
