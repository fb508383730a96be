import Testing

@testable import MartletProtocol

/// Which failure wins, what it echoes and where it says the fault is; and the limits.
@Suite struct RequestFailureTests {
    @Test func noJSONComesBeforeABadRequest() {
        for line in [
            #"{"op":"nope","#, #"{"op":"ping","x":1,}"#, #"{"op":1]"#, #"{"op":"send","queue":7,"body":"\x"}"#, "{",
            "{\"op\":\"ping\"}x",
            #"{"op":"send","messages":[{"x":1}],"queue":"q","body":01}"#,
        ] {
            #expect(Parsed(line).failure?.code == .badJSON, "\(line)")
        }
        #expect(Parsed(Array(#"{"op":"nope","a":""#.utf8) + [0xFF] + Array("\"}".utf8)).failure?.code == .badJSON)
    }

    @Test(arguments: [
        (#"{"tag":"a\n","op":"nope"}"#, #""a\n""#), (#"{"op":"nope","tag":17}"#, "17"),
        (#"{"op":"ping","tag":-1.50e3}"#, "-1.50e3"),
        (#"{"op":"send","queue":1,"x":{"tag":5},"tag":6}"#, "6"), (#"{"tag":1,"op":"ping",}"#, "1"),
        (#"{"op":"ping"}"#, ""),
        (#"{"op":,"tag":1}"#, ""), (#"{"t\u0061g":"x","op":"ping"}"#, #""x""#),
        (#"{"op":"ping","tag":1,"tag":2}"#, "1"),
        (#"{"op":"ping","tag":{}}"#, ""), ("{}", ""),
    ]) func theTagIsEchoedWhereverItCanBeRead(_ line: String, _ tag: String) {
        #expect(Parsed(line).tag == tag)
    }

    @Test(arguments: [
        "null", "true", "[]", "{}", "\"\(String(repeating: "x", count: 257))\"", String(repeating: "1", count: 257),
    ])
    func otherTagsAreRefused(_ tag: String) {
        #expect(Parsed("{\"op\":\"ping\",\"tag\":\(tag)}").failure == Failure(.badRequest, RequestTag.reason))
    }

    @Test func theLongestTagIsTaken() {
        let text = "\"\(String(repeating: "x", count: 256))\""
        #expect(Parsed("{\"op\":\"ping\",\"tag\":\(text)}").tag == text)
        #expect(Parsed("{\"op\":\"ping\",\"tag\":\(text)}").failure == nil)
        let number = String(repeating: "1", count: 256)
        #expect(Parsed("{\"op\":\"ping\",\"tag\":\(number)}").request != nil)
    }

    @Test(arguments: [
        (
            #"{"op":"send","queue":"q","messages":[{"body":1},{"body":1,"x":2}]}"#,
            "messages[1]: a message has no field `x`"
        ),
        (#"{"op":"send","queue":"q","messages":[{"body":1,"tag":2}]}"#, "messages[0]: `tag`"),
        (#"{"op":"send","queue":"q","messages":[{"body":1,"op":"send"}]}"#, "messages[0]: a message has no `op`"),
        (#"{"op":"send","queue":"q","messages":[{"delay":1,"at":1,"body":1}]}"#, "messages[0]: `at` cannot stand"),
        (
            #"{"op":"atomic","requests":[{"op":"send","queue":"q","body":1},{"op":"send","queue":"q","messages":[{}]}]}"#,
            "requests[1].messages[0]: a message needs `body`"
        ),
        (#"{"op":"atomic","requests":[{"op":"send","queue":"q","body":1,"tag":1}]}"#, "requests[0]: `tag`"),
        (#"{"op":"atomic","requests":[{"op":"receive","queue":"q"}]}"#, "requests[0]: `receive` cannot be part"),
        (#"{"op":"atomic","requests":[{"queue":"q"}]}"#, "requests[0]: `op` is missing"),
        (#"{"op":"atomic","requests":[{"op":"nope"}]}"#, "requests[0]: there is no operation `nope`"),
        (#"{"op":"atomic","requests":[7]}"#, "requests[0]: a request must be a JSON object"),
        (#"{"op":"send","queue":"q","messages":[{"body":1},[]]}"#, "messages[1]: a message must be a JSON object"),
    ]) func thePartThatIsWrongIsNamed(_ line: String, _ part: String) {
        #expect(Parsed(line).failure?.reason.hasPrefix(part) == true, "\(Parsed(line).failure?.reason ?? "taken")")
    }

    @Test(
        arguments: [
            (#"{"op":"nope"}"#, .unknownOperation), ("{}", .badRequest), ("7", .badRequest),
            (#"{"op":7}"#, .badRequest),
            (#"{"queue":"q"}"#, .badRequest), (#"{"op":"delete","queue":"q","id":1,"x":1}"#, .badRequest),
            (#"{"op":"delete","queue":"q","id":"1"}"#, .badRequest), (#"{"op":"delete","queue":"q"}"#, .badRequest),
            (#"{"op":"delete","queue":"q","id":1,"tag":1}"#, .badRequest), (#"{"op":"ping"}"#, .badRequest),
            (#"{"op":"delete","queue":"q","id":1,"id":1}"#, .badRequest),
            (#"{"op":"send","queue":"q","messages":[{"body":1},{}]}"#, .badRequest),
            (#"{"op":"send","queue":"q","messages":[{"body":1},7]}"#, .badRequest),
            (#"{"op":"send","queue":"q","body":"0123456789"}"#, .tooLarge),
        ] as [(String, ErrorCode)]
    )
    func aPartOfAnAtomicFailsWithItsIndex(_ part: String, _ code: ErrorCode) {
        var limits = Limits()
        limits.maxBody = 10
        let good = #"{"op":"send","queue":"q","messages":[{"body":1},{"body":2},{"body":3}]}"#
        for line in [
            #"{"op":"atomic","requests":[\#(good),\#(good),\#(part),\#(good)]}"#,
            #"{"requests":[\#(good),\#(good),\#(part)],"op":"atomic"}"#,
        ] {
            #expect(Parsed(line, limits: limits).failure?.code == code)
            #expect(Parsed(line, limits: limits).failure?.index == 2, "\(line)")
        }
    }

    @Test(arguments: [
        #"{"op":"atomic","requests":[]}"#, #"{"op":"atomic","requests":7}"#,
        #"{"op":"atomic","requests":[{"op":"quit"},"#, #"{"op":"atomic","requests":[],"x":1}"#,
        #"{"op":"send","queue":"q","messages":[{"body":1},{}]}"#, #"{"op":"send","queue":"q","messages":[7]}"#,
    ])
    func whatIsNoPartOfAnAtomicFailsWithoutAnIndex(_ line: String) {
        #expect(Parsed(line).failure != nil)
        #expect(Parsed(line).failure?.index == nil)
    }

    @Test func aFailureLeavesNothingBehindInTheBatch() {
        let lines = [
            #"{"op":"ping"}"#, #"{"op":"delete","queue":"q","ids":[1,2,3],"x":1}"#,
            #"{"op":"atomic","requests":[{"op":"send","queue":"q","body":1},{"op":"x"}]}"#, #"{"op":"quit"}"#,
        ].map { Array($0.utf8) }
        let batch = RequestBatch()
        let text = Array(lines.joined())
        text.withUnsafeBytes { bytes in
            var start = 0
            for line in lines {
                batch.parse(UnsafeRawBufferPointer(rebasing: bytes[start..<start + line.count]), limits: Limits())
                start += line.count
            }
            #expect(batch.count == 4)
            #expect(batch.storage.pointee.headers.count == 2)
            #expect(batch.storage.pointee.integers.count == 0)
            if case .request(let last) = batch[3] {
                #expect(last.operation == .quit)
            } else {
                Issue.record("quit is refused")
            }
            batch.removeAll()
            #expect(batch.count == 0)
        }
    }

    @Test(
        arguments: [
            ("0123456789x", .tooLarge, false), (#"{"op":"ping","#, .tooLarge, false), ("           ", .tooLarge, false),
            ("GET 45678910", .badRequest, true), ("  PUT 678910", .badRequest, true),
            ("Host:5678910", .badRequest, true),
            ("\u{16}1234567890", .badRequest, true), ("0123456789GET /", .tooLarge, false),
            ("          GET /", .tooLarge, false),
        ] as [(String, ErrorCode, Bool)]
    )
    func aLineThatIsTooLongFailsAsItsBeginningSays(_ beginning: String, _ code: ErrorCode, _ closes: Bool) {
        var limits = Limits()
        limits.maxLine = 10
        let batch = RequestBatch()
        Array(beginning.utf8).withUnsafeBytes { batch.refuse(tooLong: $0, limits: limits) }
        guard case .failure(let failure, let tag, let isLast) = batch[0] else { return #expect(Bool(false)) }
        #expect(failure.code == code)
        #expect(tag.isEmpty)
        #expect(isLast == closes)
    }

    @Test func linesWithNothingInThemFailToo() {
        #expect(Parsed("").failure?.code == .badJSON)
        #expect(Parsed("  ").failure?.code == .badJSON)
        #expect(RequestBatch.isBlank(UnsafeRawBufferPointer(start: nil, count: 0)))
        #expect(Array(" \t ".utf8).withUnsafeBytes(RequestBatch.isBlank))
        #expect(!Array(" x".utf8).withUnsafeBytes(RequestBatch.isBlank))
    }

    // MARK: Limits

    @Test func bodiesEndAtTheirLimit() {
        var limits = Limits()
        limits.maxBody = 10
        func code(_ body: String) -> ErrorCode? {
            Parsed("{\"op\":\"send\",\"queue\":\"q\",\"body\": \(body) }", limits: limits).failure?.code
        }
        #expect(code("\"12345678\"") == nil)
        #expect(code("\"123456789\"") == .tooLarge)
        #expect(code("[1,2,3,4,5]") == .tooLarge)
        #expect(code("[1,2,3,4,5") == .badJSON)
        #expect(Parsed("send q 12345678", limits: limits).failure == nil)
        #expect(Parsed("send q 123456789", limits: limits).failure?.code == .tooLarge)
    }

    @Test func batchesEndAtTheirLimit() {
        var limits = Limits()
        limits.maxBatch = 3
        func code(_ count: Int) -> ErrorCode? {
            let messages = FieldSamples.many(#"{"body":1}"#, count)
            return Parsed("{\"op\":\"send\",\"queue\":\"q\",\"messages\":\(messages)}", limits: limits).failure?.code
        }
        #expect(code(3) == nil)
        #expect(code(4) == .tooMany)
    }

    @Test(arguments: [
        (#"{"op":"delete","queue":"q","ids":"#, "1", 10_000),
        (#"{"op":"delete","queue":"q","receipts":"#, "\"r\"", 10_000),
        (#"{"op":"atomic","requests":"#, #"{"op":"delete","queue":"q","id":1}"#, 1000),
    ]) func arraysEndAtTheirLimit(_ beginning: String, _ element: String, _ maximum: Int) {
        #expect(Parsed(beginning + FieldSamples.many(element, maximum) + "}").failure == nil)
        #expect(Parsed(beginning + FieldSamples.many(element, maximum + 1) + "}").failure?.code == .tooMany)
    }

    @Test func moreThanAHundredQueuesAreTooMany() {
        let names = (0...100).map { "\"q\($0)\"" }.joined(separator: ",")
        #expect(Parsed("{\"op\":\"receive\",\"queues\":[\(names)]}").failure?.code == .tooMany)
    }

    @Test func nestingEndsAtItsLimit() {
        var limits = Limits()
        limits.maxDepth = 4
        func code(_ line: String) -> ErrorCode? { Parsed(line, limits: limits).failure?.code }
        #expect(code(#"{"op":"send","queue":"q","body":[[[]]]}"#) == nil)
        #expect(code(#"{"op":"send","queue":"q","body":[[[[]]]]}"#) == .badJSON)
        #expect(code(#"{"op":"send","queue":"q","messages":[{"body":[]}]}"#) == nil)
        #expect(code(#"{"op":"send","queue":"q","messages":[{"body":[[]]}]}"#) == .badJSON)
        #expect(code(#"{"x":[[[[]]]],"op":"ping"}"#) == .badJSON)
        let reason = Parsed(#"{"x":[[[[]]]],"op":"ping"}"#, limits: limits).failure?.reason
        #expect(reason == "arrays and objects are nested deeper than 4, which is the limit, at byte 9")
    }
}
