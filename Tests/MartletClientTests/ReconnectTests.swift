import Testing

@testable import MartletClient

/// What becomes of requests when their connection is lost.
@Suite struct ReconnectTests {
    let outcomeUnknown = ConnectionError.outcomeUnknown(
        reason: "the connection was lost: the server closed it"
    )

    @Test func aSendIsNotRepeated() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let sent = Task { try await client.send("x", to: "q") }
        try await peer.expect(#"{"op":"send","queue":"q","body":"x"}"#)
        peer.hangUp()
        await #expect(throws: outcomeUnknown) { try await sent.value }
        let next = try await server.accept()
        let pinged = Task { try await client.ping() }
        try await next.expect(#"{"op":"ping"}"#, answer: #"{"ok":true,"now":1}"#)
        _ = try await pinged.value
    }

    @Test func aSendWithDedupIsRepeated() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let line = #"{"op":"send","queue":"q","body":"x","dedup":"d"}"#
        let sent = Task { try await client.send("x", to: "q", dedup: "d") }
        try await peer.expect(line)
        peer.hangUp()
        let next = try await server.accept()
        try await next.expect(line, answer: #"{"ok":true,"id":1,"duplicate":true,"state":"ready"}"#)
        #expect(try await sent.value == Sent(id: 1, isDuplicate: true, state: .ready))
    }

    /// Also one that must not be repeated otherwise: a refusal says for certain that nothing was changed.
    @Test func whatADrainingServerRefusesIsSentAgain() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let lines = ["a", "b"].map { #"{"op":"send","queue":"q","body":"\#($0)"}"# }
        let draining = #"{"ok":false,"error":"draining","reason":"the broker is shutting down"}"#
        let first = client.submit(OutgoingMessage(json: JSONText(string: "a")), to: "q")
        try await peer.expect(lines[0], answer: draining)
        let second = client.submit(OutgoingMessage(json: JSONText(string: "b")), to: "q")
        try await peer.expect(lines[1], answer: draining)
        // Read after the refusals, so that they have arrived when the connection goes.
        let pinged = Task { try await client.ping() }
        try await peer.expect(#"{"op":"ping"}"#, answer: #"{"ok":true,"now":1}"#)
        _ = try await pinged.value
        peer.hangUp()
        let next = try await server.accept()
        for (index, line) in lines.enumerated() { try await next.expect(line, answer: #"{"ok":true,"id":\#(index)}"#) }
        #expect(try await first.sent.id == 0)
        #expect(try await second.sent.id == 1)
    }

    @Test func withoutAnotherConnectionARefusalIsTheAnswer() async throws {
        let server = try FakeServer()
        var options = ClientOptions()
        options.reconnect = .never
        let (client, peer) = try await server.connect(options)
        let sent = Task { try await client.send("x", to: "q") }
        _ = await peer.line()
        peer.say(#"{"ok":false,"error":"draining","reason":"the broker is shutting down"}"#)
        await #expect(throws: MartletError(code: .draining, reason: "the broker is shutting down")) {
            try await sent.value
        }
    }

    @Test func repeatedRequestsKeepTheirOrder() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let lines = ["a", "b", "c"].map { #"{"op":"explain","queue":"\#($0)"}"# }
        let first = Task { try await client.explain("a") }
        try await peer.expect(lines[0])
        let second = Task { try await client.explain("b") }
        try await peer.expect(lines[1])
        let third = Task { try await client.explain("c") }
        try await peer.expect(lines[2])
        peer.hangUp()
        let next = try await server.accept()
        for line in lines { try await next.expect(line, answer: #"{"ok":true,"reasons":[]}"#) }
        _ = try await (first.value, second.value, third.value)
    }

    /// With `keep` or `auto_delete` the first one may have taken messages for good; without, they went back.
    @Test func aReceiveIsRepeatedIfNothingIsLostByIt() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let plain = Task { try await client.receive(from: "q") }
        _ = await peer.line()
        let kept = Task { try await client.receive(from: "q", keep: true) }
        _ = await peer.line()
        let deleted = Task { try await client.receive(from: "q", autoDelete: true) }
        _ = await peer.line()
        peer.hangUp()
        await #expect(throws: outcomeUnknown) { _ = try await kept.value }
        await #expect(throws: outcomeUnknown) { _ = try await deleted.value }
        let next = try await server.accept()
        try await next.expect(#"{"op":"receive","queue":"q","max":1,"wait":0}"#, answer: #"{"ok":true,"messages":[]}"#)
        #expect(try await plain.value.isEmpty)
    }

    @Test func aBatchIsRepeatedOnlyIfAllOfItCarriesDedup() {
        var group = AtomicGroup()
        #expect(group.isRepeatable)
        var message = OutgoingMessage(json: JSONText(string: "x"))
        message.dedup = "d"
        group.send(message, to: "q")
        #expect(group.isRepeatable)
        group.delete(.id(1), from: "q")
        #expect(!group.isRepeatable)
    }

    @Test func theClientGivesUpWhenItMay() async throws {
        let server = try FakeServer()
        var options = ClientOptions()
        options.reconnect = .never
        let (client, peer) = try await server.connect(options)
        let answer = Task { try await client.ping() }
        _ = await peer.line()
        peer.hangUp()
        let lost = ConnectionError.lost(reason: "the server closed it")
        await #expect(throws: lost) { try await answer.value }
        await #expect(throws: lost) { try await client.send("x", to: "q") }
    }

    @Test func aServerThatTurnsTheClientAwayForGoodEndsIt() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        peer.hangUp()
        let next = try await server.acceptSilently()
        _ = await next.line()
        next.say(#"{"ok":false,"error":"unauthenticated","reason":"wrong token"}"#)
        await #expect(throws: MartletError(code: .unauthenticated, reason: "wrong token")) {
            // Until the refusal is there, the request waits for the connection.
            try await client.ping()
        }
    }

    @Test func closingDoesNotWaitForAServerThatIsGone() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let answer = Task { try await client.ping() }
        _ = await peer.line()
        server.stop()
        let closed = Task { await client.close(grace: .seconds(3600)) }
        while !client.wire.isClosing { await Task.yield() }
        peer.hangUp()
        await closed.value
        await #expect(throws: ConnectionError.closed) { try await answer.value }
    }

    @Test func aBusyServerIsTriedAgain() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        peer.hangUp()
        let busy = try await server.acceptSilently()
        _ = await busy.line()
        busy.say(#"{"ok":false,"error":"too_many","reason":"too many connections"}"#)
        busy.hangUp()
        let next = try await server.accept()
        let answer = Task { try await client.ping() }
        try await next.expect(#"{"op":"ping"}"#, answer: #"{"ok":true,"now":1}"#)
        _ = try await answer.value
    }
}
