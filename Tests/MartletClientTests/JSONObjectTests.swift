import Testing

@testable import MartletClient

@Suite struct JSONObjectTests {
    func parse(_ text: String) -> JSONObject? { JSONObject(Array(text.utf8)) }

    @Test func findsMembers() throws {
        let object = try #require(
            parse(#" { "ok" : true , "id":17,"body":{"id":1,"x":"}\""},"rate":-1.5,"none":null} "#)
        )
        #expect(object["ok"]?.isTrue == true)
        #expect(object["id"]?.integer == 17)
        #expect(object["body"]?.text.description == #"{"id":1,"x":"}\""}"#)
        #expect(object["body"]?.object?["x"]?.string == #"}""#)
        #expect(object["rate"]?.number == -1.5)
        #expect(object["x"] == nil)
        #expect(object.all.map(\.name) == ["ok", "id", "body", "rate", "none"])
    }

    @Test(arguments: [
        "", "1", "[]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1 "b":2}"#, "{} {}", #"{"a":"x}"#,
    ])
    func refusesWhatIsNoObject(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func elementsOfAnArray() throws {
        let object = try #require(parse(#"{"a":[1, [2,3] ,{"b":4}],"empty":[ ],"broken":[1 2]}"#))
        #expect(object["a"]?.elements?.map(\.text.description) == ["1", "[2,3]", #"{"b":4}"#])
        #expect(object["empty"]?.elements?.isEmpty == true)
        #expect(object["broken"]?.elements == nil)
    }

    @Test(arguments: [("0", 0), ("-7", -7), ("9007199254740991", 9_007_199_254_740_991)])
    func integers(text: String, value: Int) {
        #expect(JSONSlice(bytes: Array(text.utf8)[...]).integer == value)
    }

    @Test(arguments: ["", "-", "1.0", "1e3", "\"1\"", "99999999999999999999"])
    func notIntegers(text: String) {
        #expect(JSONSlice(bytes: Array(text.utf8)[...]).integer == nil)
    }
}
