import Testing

@testable import MartletProtocol

@Suite struct RequestParserTests {
    @Test func everyExampleOfTheTableIsARequest() throws {
        for entry in OperationTable.all {
            #expect(!entry.examples.isEmpty, "\(entry.operation) shows no example")
            for example in entry.examples {
                let parsed = Parsed(example.request)
                #expect(parsed.failure == nil, "\(example.request)")
                #expect(parsed.request?.operation == entry.operation)
            }
        }
    }

    @Test func aSendIsReadFieldByField() throws {
        let parsed = Parsed(
            #"{"op":"send","queue":"a/b:c-d.e_9","body":{"x":[1, 2.50,"é"]},"priority":9,"delay":1.5,"ttl":0.0001,"#
                + #""headers":{"k":1},"dedup":"d\u0041","group":"g","reply_to":"r","correlation":"c","tag":"t\n"}"#
        )
        let request = try #require(parsed.request)
        #expect(request.operation == .send)
        #expect(request.string(.queue) == "a/b:c-d.e_9")
        #expect(request.jsonText(.body) == #"{"x":[1, 2.50,"é"]}"#)
        #expect(request.integer(.priority) == 9)
        #expect(request.integer(.delay) == 1500)
        #expect(request.integer(.ttl) == 1, "what is above zero is never rounded to zero")
        #expect(request.jsonText(.headers) == #"{"k":1}"#)
        #expect(request.string(.dedup) == "dA")
        #expect(request.string(.group) == "g")
        #expect(request.string(.replyTo) == "r")
        #expect(request.string(.correlation) == "c")
        #expect(request.integer(.at) == nil)
        #expect(!request.has(.at))
        #expect(request.has(.group))
        #expect(parsed.tag == #""t\n""#)
    }

    @Test func fieldsMayComeInAnyOrderWithBlanksAnywhere() throws {
        let parsed = Parsed("\t{ \"body\" : [ ] , \"tag\" : -1.5e3 , \"queue\" : \"q\" , \"op\" : \"send\" } ")
        let request = try #require(parsed.request)
        #expect(request.operation == .send)
        #expect(request.string(.queue) == "q")
        #expect(request.jsonText(.body) == "[ ]")
        #expect(parsed.tag == "-1.5e3")
    }

    @Test func namesAreReadWithTheirEscapes() throws {
        let request = try #require(Parsed(#"{"\u006fp":"se\u006ed","qu\u0065ue":"\u0071","body":1}"#).request)
        #expect(request.operation == .send)
        #expect(request.string(.queue) == "q")
    }

    @Test func batchesAndAtomicRequestsAreLinkedInOrder() throws {
        let parsed = Parsed(
            #"{"op":"atomic","requests":[{"op":"send","queue":"a","messages":[{"body":1},{"priority":2,"body":2}]},"#
                + #"{"queue":"b","op":"delete","id":7},{"op":"publish","topic":"x.y","body":null}]}"#
        )
        let request = try #require(parsed.request)
        let parts = Array(request.requests(.requests))
        #expect(parts.map(\.operation) == [.send, .delete, .publish])
        let messages = Array(parts[0].requests(.messages))
        #expect(messages.map { $0.jsonText(.body) } == ["1", "2"])
        #expect(messages[1].integer(.priority) == 2)
        #expect(parts[0].string(.queue) == "a")
        #expect(parts[1].integer(.id) == 7)
        #expect(parts[2].string(.topic) == "x.y")
        #expect(request.requests(.requests).count == 3)
    }

    @Test func arraysOfNamesAndNumbersAreRead() throws {
        let receive = try #require(Parsed(#"{"op":"receive","queues":["a","\u0062"],"max":1e2,"keep":true}"#).request)
        #expect(receive.texts(.queues).map { String(decoding: $0, as: UTF8.self) } == ["a", "b"])
        #expect(receive.integer(.max) == 100)
        #expect(receive.flag(.keep))
        #expect(!receive.flag(.autoDelete))
        let delete = try #require(Parsed(#"{"op":"delete","queue":"q","ids":[3,1.0,2e0]}"#).request)
        #expect(Array(delete.integers(.ids)) == [3, 1, 2])
        let receipts = try #require(Parsed(#"{"op":"delete","queue":"q","receipts":["x","y\/z"]}"#).request)
        #expect(receipts.texts(.receipts).map { String(decoding: $0, as: UTF8.self) } == ["x", "y/z"])
        #expect(Array(receipts.integers(.ids)).isEmpty)
    }

    @Test func settingsAreRead() throws {
        let parsed = Parsed(
            #"{"op":"declare","queue":"q","rate":0.25,"dead_letter":null,"on_expire":"dead","overflow":"drop_oldest","#
                + #""retry_delay":{"initial":1,"factor":2,"max":300},"temporary":false,"lease":0.001}"#
        )
        let request = try #require(parsed.request)
        #expect(request.number(.rate) == 0.25)
        #expect(request.has(.deadLetter))
        #expect(request.string(.deadLetter) == "")
        #expect(request.integer(.onExpire) == 1)
        #expect(request.integer(.overflow) == 1)
        #expect(request.retryDelay(.retryDelay) == RetryDelay(initial: 1000, factor: 2, maximum: 300_000))
        #expect(request.has(.temporary))
        #expect(!request.flag(.temporary))
        #expect(request.integer(.lease) == 1)
        #expect(Parsed(#"{"op":"help","about":"send"}"#).request?.integer(.about) == Int(Operation.send.rawValue))
    }
}
