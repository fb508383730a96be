import Testing

@testable import MartletClient

/// The `for await` loop over a queue's messages.
@Suite struct MessagesTests {
    func event(_ id: Int, subscription: Int = 1) -> String {
        #"{"event":"message","subscription":\#(subscription),"queue":"q","id":\#(id),"receipt":"r\#(id)","#
            + #""attempt":1,"sent_at":1,"body":\#(id)}"#
    }

    func release(_ id: Int) -> String {
        #"{"op":"release","queue":"q","receipt":"r\#(id)","uncounted":true}"#
    }

    let subscribe = #"{"op":"subscribe","queue":"q","credit":3}"#
    let subscribed = #"{"ok":true,"subscription":1}"#
    let unsubscribe = #"{"op":"unsubscribe","subscription":1}"#

    @Test func messagesComeInOrderAmongReplies() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let reading = Task {
            var ids: [Int] = []
            for try await message in client.messages(queue: "q", credit: 3) {
                ids.append(try message.decode(Int.self))
                #expect(message.queue == "q")
                if ids.count == 3 { break }
            }
            return ids
        }
        try await peer.expect(subscribe, answer: subscribed)
        let pinged = Task { try await client.ping() }
        _ = await peer.line()
        peer.say(event(1), #"{"ok":true,"now":1}"#, event(2), event(3))
        _ = try await pinged.value
        #expect(try await reading.value == [1, 2, 3])
        try await peer.expect(unsubscribe, answer: #"{"ok":true}"#)
    }

    @Test func leavingTheLoopGivesBackWhatItHasNotSeen() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let (begun, begins) = AsyncStream.makeStream(of: Void.self)
        let (mayEnd, end) = AsyncStream.makeStream(of: Void.self)
        let reading = Task {
            for try await _ in client.messages(queue: "q", credit: 3) {
                begins.yield()
                for await _ in mayEnd { break }
                break
            }
        }
        try await peer.expect(subscribe, answer: subscribed)
        peer.say(event(1), event(2))
        for await _ in begun { break }
        // A reply behind the second message: it has been taken in when the reply is there.
        let pinged = Task { try await client.ping() }
        _ = await peer.line()
        peer.say(#"{"ok":true,"now":1}"#)
        _ = try await pinged.value
        end.yield()
        _ = try await reading.value
        try await peer.expect(unsubscribe)
        try await peer.expect(release(2))
        // One that was on its way when the loop was left.
        peer.say(event(3), #"{"ok":true}"#, #"{"ok":true}"#)
        try await peer.expect(release(3), answer: #"{"ok":true}"#)
    }

    @Test func cancellationEndsTheLoop() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let reading = Task {
            for try await _ in client.messages(queue: "q", credit: 3) { Issue.record("no message came") }
        }
        try await peer.expect(subscribe, answer: subscribed)
        reading.cancel()
        try await reading.value
        try await peer.expect(unsubscribe, answer: #"{"ok":true}"#)
    }

    @Test func aLoopCancelledBeforeItsReplyUnsubscribesAfterIt() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let reading = Task {
            for try await _ in client.messages(queue: "q", credit: 3) { Issue.record("no message came") }
        }
        try await peer.expect(subscribe)
        reading.cancel()
        try await reading.value
        peer.say(subscribed, event(1))
        try await peer.expect(unsubscribe, answer: #"{"ok":true}"#)
        try await peer.expect(release(1), answer: #"{"ok":true}"#)
    }

    @Test func aRefusedSubscriptionThrows() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let first = Task { try await client.messages(queue: "q", credit: 3).first { _ in true } }
        try await peer.expect(subscribe, answer: #"{"ok":false,"error":"no_queue","reason":"there is no q"}"#)
        await #expect(throws: MartletError(code: .noQueue, reason: "there is no q")) { _ = try await first.value }
    }

    @Test func aLostConnectionRenewsTheSubscription() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let reading = Task { try await ids(client, count: 2) }
        try await peer.expect(subscribe, answer: subscribed)
        peer.say(event(1))
        peer.hangUp()
        let next = try await server.accept()
        try await next.expect(subscribe, answer: #"{"ok":true,"subscription":8}"#)
        next.say(event(2, subscription: 8), event(3, subscription: 8))
        // The first one may have been seen before the connection was lost, or is forgotten with it.
        #expect([[1, 2], [2, 3]].contains(try await reading.value))
    }

    func ids(_ client: Client, count: Int) async throws -> [Int] {
        var ids: [Int] = []
        for try await message in client.messages(queue: "q", credit: 3) {
            ids.append(message.id)
            if ids.count == count { break }
        }
        return ids
    }

    @Test func closingTheClientEndsTheLoop() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let reading = Task { try await ids(client, count: 1) }
        try await peer.expect(subscribe, answer: subscribed)
        await client.close()
        #expect(try await reading.value.isEmpty)
    }

    @Test func withAutoDeleteASlowLoopPausesTheSubscription() async throws {
        let server = try FakeServer()
        let (client, peer) = try await server.connect()
        let (mayGoOn, goOn) = AsyncStream.makeStream(of: Void.self)
        let reading = Task {
            var ids: [Int] = []
            for try await message in client.messages(queue: "q", credit: 3, autoDelete: true) {
                ids.append(message.id)
                if ids.count == 1 { for await _ in mayGoOn { break } }
                if ids.count == 8 { break }
            }
            return ids
        }
        let line = #"{"op":"subscribe","queue":"q","credit":3,"auto_delete":true}"#
        try await peer.expect(line, answer: subscribed)
        for id in 0...6 { peer.say(event(id)) }
        try await peer.expect(unsubscribe, answer: #"{"ok":true}"#)
        goOn.yield()
        try await peer.expect(line, answer: #"{"ok":true,"subscription":2}"#)
        peer.say(event(7, subscription: 2))
        #expect(try await reading.value == Array(0...7))
    }
}
