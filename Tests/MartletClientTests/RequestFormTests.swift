import FoundationEssentials
import Testing

@testable import MartletClient

/// Every method says exactly one line, and reads the answer to it.
@Suite struct RequestFormTests {
    /// Runs `call` against a server that expects `line` and answers `answer`.
    func exchange<Value: Sendable>(
        _ line: String,
        _ answer: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ call: @Sendable @escaping (Client) async throws -> Value
    ) async throws -> Value {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        async let value = call(client)
        try await peer.expect(line, answer: answer, sourceLocation: sourceLocation)
        return try await value
    }

    @Test func send() async throws {
        let sent = try await exchange(#"{"op":"send","queue":"q","body":"hello"}"#, #"{"ok":true,"id":17}"#) {
            try await $0.send("hello", to: "q")
        }
        #expect(sent == Sent(id: 17, isDuplicate: false, state: nil))
    }

    @Test func sendWithEverything() async throws {
        let line =
            #"{"op":"send","queue":"q","body":[1,2],"priority":9,"delay":1.5,"ttl":60,"headers":{"a":"b"},"#
            + #""dedup":"d","group":"g","reply_to":"r","correlation":"c"}"#
        let sent = try await exchange(line, #"{"ok":true,"id":3,"duplicate":true,"state":"gone"}"#) {
            try await $0.send(
                [1, 2],
                to: "q",
                priority: 9,
                delay: .milliseconds(1500),
                timeToLive: .seconds(60),
                headers: ["a": "b"],
                dedup: "d",
                group: "g",
                replyTo: "r",
                correlation: "c"
            )
        }
        #expect(sent == Sent(id: 3, isDuplicate: true, state: .gone))
    }

    @Test func sendAtAnInstant() async throws {
        _ = try await exchange(#"{"op":"send","queue":"q","body":"x","at":1767225600123}"#, #"{"ok":true,"id":1}"#) {
            try await $0.send("x", to: "q", at: Date(timeIntervalSince1970: 1_767_225_600.123))
        }
    }

    @Test func batch() async throws {
        let line = #"{"op":"send","queue":"q","messages":[{"body":1.0},{"body":"b"}]}"#
        let ids = try await exchange(line, #"{"ok":true,"ids":[4,5]}"#) {
            try await $0.send(batch: [OutgoingMessage(json: JSONText("1.0")), OutgoingMessage("b")], to: "q")
        }
        #expect(ids == [4, 5])
    }

    @Test func receive() async throws {
        let line = #"{"op":"receive","queue":"q","max":2,"wait":0.25,"lease":5,"keep":true}"#
        let answer =
            #"{"ok":true,"messages":[{"id":17,"receipt":"r\"1","attempt":2,"sent_at":1767225600000,"priority":7,"#
            + #""headers":{"h" : 1},"group":"g","topic":"t","reply_to":"q2","correlation":"c","producer":"p","#
            + #""expires_at":1767225600001,"origin":{"queue":"o","id":3,"reason":"expired"},"body":{"n":1.50}}]}"#
        let messages = try await exchange(line, answer) {
            try await $0.receive(from: "q", max: 2, wait: .milliseconds(250), lease: .seconds(5), keep: true)
        }
        let message = try #require(messages.first)
        #expect((message.id, message.queue, message.attempt, message.priority) == (17, "q", 2, 7))
        #expect(message.receipt == #"r"1"#)
        #expect(message.body.description == #"{"n":1.50}"#)
        #expect(message.headers?.description == #"{"h" : 1}"#)
        #expect(message.sentAt == Date(timeIntervalSince1970: 1_767_225_600))
        #expect(message.expiresAt == Date(timeIntervalSince1970: 1_767_225_600.001))
        #expect([message.group, message.topic, message.replyTo, message.correlation] == ["g", "t", "q2", "c"])
        #expect(message.producer == "p")
        #expect(message.origin == Message.Origin(queue: "o", id: 3, reason: "expired"))
        #expect(try message.decode([String: Double].self) == ["n": 1.5])
    }

    @Test func receiveFromSeveral() async throws {
        let messages = try await exchange(
            #"{"op":"receive","queues":["a","b"],"max":1,"wait":0,"auto_delete":true}"#,
            #"{"ok":true,"messages":[{"id":1,"queue":"b","attempt":1,"sent_at":1,"body":null}]}"#
        ) { try await $0.receive(from: ["a", "b"], autoDelete: true) }
        #expect(messages.map(\.queue) == ["b"])
        await #expect(throws: MartletError.self) { try await messages[0].delete() }
    }

    @Test func settling() async throws {
        _ = try await exchange(#"{"op":"delete","queue":"q","id":1,"force":true}"#, #"{"ok":true,"deleted":1}"#) {
            try await $0.delete(.id(1), from: "q", force: true)
        }
        let deletion = try await exchange(
            #"{"op":"delete","queue":"q","ids":[1,9]}"#,
            #"{"ok":true,"deleted":1,"failed":[{"id":9,"error":"no_message"}]}"#
        ) { try await $0.delete(ids: [1, 9], from: "q") }
        #expect(deletion.deleted == 1)
        #expect(deletion.failed == [Deletion.Failure(message: .id(9), code: .noMessage)])
        let receipts = try await exchange(
            #"{"op":"delete","queue":"q","receipts":["a"]}"#,
            #"{"ok":true,"deleted":0,"failed":[{"receipt":"a","error":"lease_lost"}]}"#
        ) { try await $0.delete(receipts: ["a"], from: "q") }
        #expect(receipts.failed == [Deletion.Failure(message: .receipt("a"), code: .leaseLost)])
        let until = try await exchange(
            #"{"op":"extend","queue":"q","receipt":"a","lease":60}"#,
            #"{"ok":true,"lease_until":5000}"#
        ) { try await $0.extend(.receipt("a"), in: "q", lease: .seconds(60)) }
        #expect(until == Date(timeIntervalSince1970: 5))
        _ = try await exchange(#"{"op":"release","queue":"q","id":1,"delay":10,"uncounted":true}"#, #"{"ok":true}"#) {
            try await $0.release(.id(1), in: "q", delay: .seconds(10), counted: false)
        }
        _ = try await exchange(#"{"op":"reject","queue":"q","id":1,"reason":"bad"}"#, #"{"ok":true}"#) {
            try await $0.reject(.id(1), in: "q", reason: "bad")
        }
    }

    @Test func aMessageSettlesItself() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        async let received = client.receive(from: "q")
        try await peer.expect(
            #"{"op":"receive","queue":"q","max":1,"wait":0}"#,
            answer: #"{"ok":true,"messages":[{"id":1,"receipt":"r","attempt":1,"sent_at":1,"body":0}]}"#
        )
        let message = try #require(try await received.first)
        async let deleted: Void = message.delete()
        try await peer.expect(#"{"op":"delete","queue":"q","receipt":"r"}"#, answer: #"{"ok":true,"deleted":1}"#)
        try await deleted
        async let released: Void = message.release(delay: .seconds(1))
        try await peer.expect(#"{"op":"release","queue":"q","receipt":"r","delay":1}"#, answer: #"{"ok":true}"#)
        try await released
        async let rejected: Void = message.reject(reason: "why")
        try await peer.expect(#"{"op":"reject","queue":"q","receipt":"r","reason":"why"}"#, answer: #"{"ok":true}"#)
        try await rejected
        async let extended = message.extend(lease: .seconds(9))
        try await peer.expect(
            #"{"op":"extend","queue":"q","receipt":"r","lease":9}"#,
            answer: #"{"ok":true,"lease_until":1000}"#
        )
        #expect(try await extended == Date(timeIntervalSince1970: 1))
    }

    @Test func administration() async throws {
        let moved = try await exchange(#"{"op":"redrive","queue":"q","max":3,"to":"t"}"#, #"{"ok":true,"moved":2}"#) {
            try await $0.redrive("q", max: 3, to: "t")
        }
        #expect(moved == 2)
        let purged = try await exchange(#"{"op":"purge","queue":"q","state":"all"}"#, #"{"ok":true,"purged":7}"#) {
            try await $0.purge("q", state: .all)
        }
        #expect(purged == 7)
        _ = try await exchange(#"{"op":"drop","queue":"q","force":true}"#, #"{"ok":true}"#) {
            try await $0.drop("q", force: true)
        }
        _ = try await exchange(#"{"op":"pause","queue":"q","direction":"send"}"#, #"{"ok":true}"#) {
            try await $0.pause("q", direction: .send)
        }
        _ = try await exchange(#"{"op":"resume","queue":"q","direction":"both"}"#, #"{"ok":true}"#) {
            try await $0.resume("q")
        }
        let now = try await exchange(#"{"op":"ping"}"#, #"{"ok":true,"now":1000}"#) { try await $0.ping() }
        #expect(now == Date(timeIntervalSince1970: 1))
        let help = try await exchange(#"{"op":"help","about":"ping"}"#, #"{"ok":true,"x":[]}"#) {
            try await $0.help(about: "ping")
        }
        #expect(help.description == #"{"ok":true,"x":[]}"#)
    }

    @Test func topics() async throws {
        _ = try await exchange(#"{"op":"bind","queue":"q","topic":"a.#"}"#, #"{"ok":true}"#) {
            try await $0.bind("q", to: "a.#")
        }
        _ = try await exchange(#"{"op":"unbind","queue":"q","topic":"a.#"}"#, #"{"ok":true}"#) {
            try await $0.unbind("q", from: "a.#")
        }
        let bindings = try await exchange(
            #"{"op":"bindings"}"#,
            #"{"ok":true,"bindings":[{"queue":"q","topic":"a.#"}]}"#
        ) { try await $0.bindings() }
        #expect(bindings.map { [$0.queue, $0.topic] } == [["q", "a.#"]])
        let routed = try await exchange(
            #"{"op":"publish","topic":"a.b","mandatory":true,"body":"x"}"#,
            #"{"ok":true,"routed":2}"#
        ) { try await $0.publish("x", topic: "a.b", mandatory: true) }
        #expect(routed == 2)
    }

    @Test func atomic() async throws {
        let line =
            #"{"op":"atomic","requests":[{"op":"send","queue":"a","body":"x"},{"op":"delete","queue":"b","id":3},"#
            + #"{"op":"publish","topic":"t","body":1}]}"#
        let results = try await exchange(line, #"{"ok":true,"results":[{"ok":true,"id":1},{"ok":true},{}]}"#) {
            try await $0.atomic { group in
                try group.send("x", to: "a")
                group.delete(.id(3), from: "b")
                group.publish(try OutgoingMessage(1), topic: "t")
            }
        }
        #expect(results.map(\.description) == [#"{"ok":true,"id":1}"#, #"{"ok":true}"#, "{}"])
    }
}
