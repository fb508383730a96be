import Testing

@testable import MartletClient

@Suite struct CancellationTests {
    @Test func whatACancelledReceiveBringsIsReleased() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let waiting = Task { try await client.receive(from: "q", max: 2, wait: .seconds(60)) }
        _ = await peer.line()
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        let body = #""attempt":1,"sent_at":1,"body":0"#
        peer.say(#"{"ok":true,"messages":[{"id":1,"receipt":"a",\#(body)},{"id":2,"receipt":"b",\#(body)}]}"#)
        for receipt in ["a", "b"] {
            try await peer.expect(
                #"{"op":"release","queue":"q","receipt":"\#(receipt)","uncounted":true}"#,
                answer: #"{"ok":true}"#
            )
        }
        // The replies still fit the requests.
        let sent = Task { try await client.send("x", to: "q") }
        _ = await peer.line()
        peer.say(#"{"ok":true,"id":5}"#)
        #expect(try await sent.value.id == 5)
    }

    @Test func theRepliesOfCancelledRequestsAreSkipped() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let first = Task { try await client.send("x", to: "q").id }
        _ = await peer.line()
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        let second = Task { try await client.send("y", to: "q").id }
        _ = await peer.line()
        peer.say(#"{"ok":true,"id":1}"#, #"{"ok":true,"id":2}"#)
        #expect(try await second.value == 2)
    }

    @Test func anUnsentRequestIsTakenBack() async throws {
        let server = try FakeServer()
        var options = ClientOptions()
        options.requestsInFlight = 1
        let (client, peer) = try await server.connect(options)
        let first = Task { try await client.ping() }
        _ = await peer.line()
        let second = Task { try await client.send("never", to: "q") }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        let third = Task { try await client.explain("q") }
        peer.say(#"{"ok":true,"now":1}"#)
        try await peer.expect(#"{"op":"explain","queue":"q"}"#, answer: #"{"ok":true,"reasons":[]}"#)
        _ = try await (first.value, third.value)
    }

    /// Cancels at every moment: before, while and after the answer comes. Each task ends, and no reply is misplaced.
    @Test func cancellationRacesTheAnswer() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let answering = Task {
            var number = 0
            while let line = await peer.line() {
                number += 1
                peer.say(line.contains("last") ? #"{"ok":true,"id":0}"# : #"{"ok":true,"id":\#(number)}"#)
            }
        }
        for round in 0..<300 {
            let task = Task { try await client.send("x", to: "q") }
            for _ in 0..<(round % 7) { await Task.yield() }
            task.cancel()
            _ = await task.result
        }
        #expect(try await client.send("x", to: "last").id == 0)
        await client.close()
        await answering.value
    }
}
