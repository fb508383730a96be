import Testing

@testable import MartletClient

@Suite struct ClientTests {
    let ping = #"{"op":"ping"}"#
    let pong = #"{"ok":true,"now":1}"#

    func send(_ queue: String, _ extra: String = "") -> String {
        #"{"op":"send","queue":"\#(queue)","body":"x"\#(extra)}"#
    }

    @Test func anyNumberOfRequestsAreInFlight() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<500 {
                group.addTask { try await client.send("x", to: "q\(number)").id == number }
            }
            // All are asked before one is answered; each gets its own answer, whatever order they came in.
            var numbers: [Int] = []
            for _ in 0..<500 {
                let line = try #require(await peer.line())
                numbers.append(try #require(Int(line.dropFirst(23).prefix { $0 != "\"" })))
            }
            #expect(Set(numbers).count == 500)
            for number in numbers { peer.say(#"{"ok":true,"id":\#(number)}"#) }
            for try await isOwn in group { #expect(isOwn) }
        }
    }

    @Test func submittedMessagesKeepTheirOrder() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let pending = try (0..<100).map { try client.submit(OutgoingMessage("x"), to: "q\($0)") }
        for id in 0..<100 { try await peer.expect(send("q\(id)"), answer: #"{"ok":true,"id":\#(id)}"#) }
        for (id, one) in pending.enumerated() { #expect(try await one.sent.id == id) }
        // Asked again, it still knows.
        #expect(try await pending[3].sent.id == 3)
        let refused = client.submit(try OutgoingMessage("x"), to: "q")
        try await peer.expect(send("q"), answer: #"{"ok":false,"error":"queue_full","reason":""}"#)
        await #expect(throws: MartletError(code: .queueFull, reason: "")) { try await refused.sent }
    }

    @Test func requestsBeyondTheLimitWait() async throws {
        let server = try FakeServer()
        var options = ClientOptions()
        options.requestsInFlight = 1
        let (client, peer) = try await server.connect(options)
        let first = Task { try await client.ping() }
        try await peer.expect(ping)
        let second = Task { try await client.explain("q") }
        peer.say(pong)
        try await peer.expect(#"{"op":"explain","queue":"q"}"#, answer: #"{"ok":true,"reasons":[]}"#)
        _ = try await (first.value, second.value)
    }

    @Test func anAnswerMayComeInPieces() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let sent = Task { try await client.send("x", to: "q") }
        try await peer.expect(send("q"))
        for byte in #"{"ok":true,"id":7}"#.utf8 { peer.say(bytes: [byte]) }
        peer.say(bytes: [0x0A])
        #expect(try await sent.value.id == 7)
    }

    @Test func aLargeMessageGoesThrough() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let body = String(repeating: "x", count: 3_000_000)
        let received = Task { try await client.receive(from: "q") }
        _ = await peer.line()
        peer.say(#"{"ok":true,"messages":[{"id":1,"receipt":"r","attempt":1,"sent_at":1,"body":"\#(body)"}]}"#)
        #expect(try await received.value.first?.decode(String.self) == body)
        let sent = Task { try await client.send(body, to: "q") }
        #expect(await peer.line()?.utf8.count == send("q").utf8.count - 1 + body.utf8.count)
        peer.say(#"{"ok":true,"id":1}"#)
        _ = try await sent.value
    }

    @Test func aRefusalHasTheServersCodeAndReason() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        for (code, expected) in [("no_queue", MartletError.Code.noQueue), ("too_new", .init(rawValue: "too_new"))] {
            let refused = Task { try await client.ping() }
            try await peer.expect(ping, answer: #"{"ok":false,"error":"\#(code)","reason":"say \"why\"","index":3}"#)
            await #expect(throws: MartletError(code: expected, reason: #"say "why""#, index: 3)) {
                try await refused.value
            }
        }
    }

    @Test func aRawRequestCannotChangeTheConnection() async throws {
        let server = try FakeServer()
        let (client, _) = try await server.connect()
        for line in [#"{"op":"quit"}"#, #"{"op":"subscribe","queue":"q"}"#, #"{"op":"hello"}"#, "{}", "[1]"] {
            await #expect(throws: MartletError.self) { try await client.request(line) }
        }
        await #expect(throws: JSONTextError.self) { try await client.request(#"{"op":"ping"}{"op":"ping"}"#) }
    }
}

// MARK: - Connecting and closing

extension ClientTests {
    @Test func nobodyListens() async throws {
        let server = try FakeServer()
        let address = server.address
        server.stop()
        let expected = ConnectionError.cannotConnect(address, reason: "connection refused")
        await #expect(throws: expected) { try await Client.connect(to: address) }
        let path = ServerAddress.unix(path: "/nonexistent/martlet.sock")
        await #expect(throws: ConnectionError.cannotConnect(path, reason: "no such file or directory")) {
            try await Client.connect(to: path)
        }
    }

    @Test func theServerRefusesTheClient() async throws {
        let server = try FakeServer()
        let address = server.address
        let client = Task { try await Client.connect(to: address) }
        let peer = try await server.acceptSilently()
        _ = await peer.line()
        peer.say(#"{"ok":false,"error":"too_many","reason":"too many connections"}"#)
        peer.hangUp()
        await #expect(throws: MartletError(code: .tooMany, reason: "too many connections")) {
            _ = try await client.value
        }
    }

    @Test func theServerIsSomethingElse() async throws {
        let server = try FakeServer()
        let address = server.address
        let client = Task { try await Client.connect(to: address) }
        let peer = try await server.acceptSilently()
        peer.say("SSH-2.0-OpenSSH_9.2")
        await #expect(throws: ConnectionError.malformedReply("'SSH-2.0-OpenSSH_9.2' is no reply")) {
            _ = try await client.value
        }
    }

    @Test func theServerSaysNothing() async throws {
        let server = try FakeServer()
        var options = ClientOptions()
        options.connectTimeout = .milliseconds(20)
        await #expect(throws: ConnectionError.self) { try await Client.connect(to: server.address, options: options) }
    }

    @Test func theGreetingSaysWhoTheClientIs() async throws {
        let server = try FakeServer()
        var options = ClientOptions(name: "billing-3")
        options.token = "secret"
        let (address, chosen) = (server.address, options)
        let client = Task { try await Client.connect(to: address, options: chosen) }
        let peer = try await server.acceptSilently()
        try await peer.expect(
            #"{"op":"hello","protocol":1,"name":"billing-3","token":"secret"}"#,
            answer: #"{"ok":true}"#
        )
        _ = try await client.value
    }

    @Test func closingWaitsForAnswers() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let answer = Task { try await client.ping() }
        try await peer.expect(ping)
        let closed = Task { await client.close(grace: .seconds(60)) }
        while !client.wire.isClosing { await Task.yield() }
        await #expect(throws: ConnectionError.closed) { try await client.ping() }
        peer.say(pong)
        _ = try await answer.value
        await closed.value
        #expect(await peer.line() == nil)
        await client.close()
    }

    @Test func closingDoesNotWaitForEver() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let answer = Task { try await client.ping() }
        try await peer.expect(ping)
        await client.close(grace: .milliseconds(5))
        await #expect(throws: ConnectionError.self) { try await answer.value }
    }

    @Test func aForgottenClientHangsUp() async throws {
        let server = try FakeServer()
        let peer = try await server.connect().1
        #expect(await peer.line() == nil)
    }
}
