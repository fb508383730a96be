import Testing

@testable import MartletProtocol

@Suite struct ConsoleLineTests {
    @Test func wordsBecomeTheSameRequestAsJSON() throws {
        let send = try #require(Parsed("send work  hello \"you\"\tand \\ é ").request)
        #expect(send.operation == .send)
        #expect(send.string(.queue) == "work")
        #expect(send.jsonText(.body) == #""hello \"you\"\tand \\ é ""#)
        let publish = try #require(Parsed(" \tpublish a.b text").request)
        #expect(publish.operation == .publish)
        #expect(publish.string(.topic) == "a.b")
        #expect(publish.jsonText(.body) == "\"text\"")
        let release = try #require(Parsed("release q 7 1.5").request)
        #expect(release.integer(.id) == 7)
        #expect(release.integer(.delay) == 1500)
    }

    @Test(
        arguments: [
            ("ping", .ping, []), ("help", .help, []), ("help send", .help, [.about]), ("receive q", .receive, [.queue]),
            ("receive q 5", .receive, [.queue, .wait]), ("delete q 1", .delete, [.queue, .id]),
            ("release q 1", .release, [.queue, .id]), ("release q 1 2", .release, [.queue, .id, .delay]),
            ("extend q 1 30", .extend, [.queue, .id, .lease]), ("reject q 1", .reject, [.queue, .id]),
            ("peek q", .peek, [.queue]), ("purge q", .purge, [.queue]), ("queues", .queues, []), ("stats", .stats, []),
            ("stats q", .stats, [.queue]), ("explain q", .explain, [.queue]), ("quit", .quit, []),
            ("quit \t ", .quit, []),
            ("send q x", .send, [.queue, .body]), ("publish t x", .publish, [.body, .topic]),
        ] as [(String, MartletProtocol.Operation, [Field])]
    )
    func everyCommandIsUnderstood(_ line: String, _ operation: MartletProtocol.Operation, _ fields: [Field]) throws {
        let request = try #require(Parsed(line).request)
        #expect(request.operation == operation)
        #expect(Field.allCases.filter(request.has) == fields)
    }

    @Test(
        arguments: [
            ("send", .badRequest, "`QUEUE` is missing; usage: send QUEUE TEXT..."),
            ("send q", .badRequest, "`TEXT...` is missing; usage: send QUEUE TEXT..."),
            ("send q  ", .badRequest, "`TEXT...` is missing"), ("ping x", .badRequest, "usage: ping"),
            ("receive q 5 6", .badRequest, "usage: receive QUEUE [WAIT]"),
            ("delete q one", .badRequest, "usage: delete QUEUE ID"),
            ("delete q 1x", .badRequest, "must be a number"), ("delete q 0", .badRequest, "`id` must be"),
            ("receive q 4000", .badRequest, "`wait` must be"), ("send q! x", .badRequest, "`queue` must be"),
            ("declare q", .badRequest, "no words for the console"), ("pign", .unknownOperation, "`ping`"),
            ("blah blah", .unknownOperation, "`help`"), ("Ping", .unknownOperation, "ping"),
            ("help me", .unknownOperation, "`me`"),
            ("PING", .unknownOperation, "there is no operation `PING`; did you mean `ping`?"),
            ("exit", .unknownOperation, "`quit`?"), ("ls", .unknownOperation, "`queues`?"),
            ("RECV q", .unknownOperation, "`receive`?"), ("nack q 1", .unknownOperation, "`release`?"),
            ("?", .unknownOperation, "did you mean `help`?"), (" ?", .unknownOperation, "did you mean `help`?"),
            ("help ack", .unknownOperation, "`delete`?"),
            ("[1]", .badJSON, "begins with `[`, at byte 1"), ("\"x\"", .badJSON, "`\"`, at byte 1"),
            (" \t 17", .badJSON, "`1`, at byte 4"), ("éa", .badJSON, "the byte 0xC3, at byte 1"),
            ("\u{FEFF}{\"op\":\"ping\"}", .badJSON, "the byte 0xEF, at byte 1"),
            ("\u{0}", .badJSON, "the byte 0x00, at byte 1"), ("a\u{0}b", .unknownOperation, "no operation"),
        ] as [(String, ErrorCode, String)]
    )
    func wrongWordsAreExplained(_ line: String, _ code: ErrorCode, _ part: String) throws {
        let failure = try #require(Parsed(line).failure)
        #expect(failure.code == code)
        #expect(failure.reason.contains(part), "\(failure.reason)")
        #expect(!Parsed(line).closes)
    }

    @Test func invalidUTF8IsNoText() {
        #expect(Parsed(Array("send q ".utf8) + [0xC3, 0x28]).failure?.code == .badJSON)
        #expect(Parsed(Array(" send q ".utf8) + [0xC3, 0x28]).failure?.reason.contains("at byte 10") == true)
        #expect(Parsed([0xFF, 0xFB, 0x01]).failure?.code == .badJSON)
        #expect(Parsed([0xFF, 0xFB, 0x01]).failure?.reason.contains("the byte 0xFF, at byte 1") == true)
    }

    @Test func aLongTextIsKeptWhole() throws {
        let text = String(repeating: "\u{1}\"é", count: 50_000)
        let request = try #require(Parsed("send q " + text).request)
        #expect(request.json(.body)?.count == 50_000 * 10 + 2)
        #expect(Parsed("send q " + String(repeating: "x", count: 1 << 20)).failure?.code == .tooLarge)
    }
}

@Suite struct StrangerTests {
    @Test(arguments: [
        "GET / HTTP/1.1", "POST /x HTTP/1.1", "PUT \t", "HEAD /", "DELETE /q", "OPTIONS *", "CONNECT h:1", "TRACE /",
        "PATCH /", "PRI * HTTP/2.0", "Host: localhost", "host:x", "HOST:", " GET /", "PROPPATCH /", "MKCOL /", "COPY /",
        "MOVE /", "LOCK /", "UNLOCK /", "REPORT /", "QUERY /", "ACL /", "VERSION-CONTROL /", "UPDATEREDIRECTREF /",
    ])
    func httpIsTurnedAway(_ line: String) throws {
        let parsed = Parsed(line)
        #expect(parsed.failure?.code == .badRequest)
        #expect(parsed.closes)
        #expect(parsed.batch.count == 1)
    }

    @Test(arguments: [
        "GET", "GETS /", "get /", "delete q 1", "hostile: x", "Hos:", "{\"GET \":1}", "PING", "LOCK",
        "UPDATEREDIRECTREFS /", "bind q t", "copy x",
    ])
    func othersStay(_ line: String) { #expect(!Parsed(line).closes) }

    @Test func tlsIsTurnedAway() {
        #expect(Parsed([0x16, 0x03, 0x01, 0x02, 0x00]).closes)
        #expect(Parsed([0x16, 0x03, 0x01, 0x02, 0x00]).failure?.code == .badRequest)
    }
}
