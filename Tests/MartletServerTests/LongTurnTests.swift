import Testing

/// Connections that ask for much at once, and those beside them.
@Suite struct LongTurnTests {
    private static let explain = #"{"op":"explain","queue":"later"}"# + "\n"

    /// A server on which `explain` takes long: it looks through thousands of delayed messages.
    private func server() throws -> RunningServer {
        let running = try RunningServer.started()
        let producer = try running.connect()
        let messages = Array(repeating: #"{"body":1,"delay":1000}"#, count: 10_000).joined(separator: ",")
        for _ in 0..<2 { try producer.send(#"{"op":"send","queue":"later","messages":[\#(messages)]}"# + "\n") }
        _ = try producer.lines(2)
        return running
    }

    private func instant(of pong: String) throws -> Int {
        try #require(Int(pong.filter(\.isNumber)), "\(pong) is no reply to a ping")
    }

    @Test func aConnectionThatAsksForMuchDoesNotKeepTheOthersWaiting() throws {
        let running = try server()
        let greedy = try running.connect()
        let other = try running.connect()
        try greedy.send(String(repeating: Self.explain, count: 100) + "ping\n")
        try other.send("ping\n")
        let soon = try instant(of: other.lines(1)[0])
        let replies = try greedy.lines(101)
        #expect(replies.dropLast().allSatisfy { $0.contains(#""code":"delayed""#) })
        #expect(try soon < instant(of: replies[100]), "the other was served after all that came before it")
    }

    /// Each in its turn, and each in order.
    @Test func severalThatAskForMuchAreServedInTurn() throws {
        let running = try server()
        let peers = try (0..<4).map { _ in try running.connect() }
        for peer in peers { try peer.send(String(repeating: Self.explain + "ping\n", count: 25)) }
        let replies = try peers.map { try $0.lines(50) }
        for lines in replies {
            #expect(lines.indices.allSatisfy { lines[$0].contains("delayed") == ($0 % 2 == 0) }, "in order")
        }
        let firsts = try replies.map { try instant(of: $0[1]) }
        let lasts = try replies.map { try instant(of: $0[49]) }
        #expect(firsts.max() ?? 0 < lasts.min() ?? 0, "none is done before all have begun")
    }

    /// What was read of a peer that has gone is carried out all the same.
    @Test func whatWaitsForItsTurnIsDoneWhenItsPeerHasEnded() throws {
        let running = try server()
        let greedy = try running.connect()
        let send = #"{"op":"send","queue":"done","body":1}"# + "\n"
        try greedy.send(String(repeating: Self.explain + send, count: 50))
        greedy.finish()
        let replies = try greedy.lines(100)
        #expect(replies.last == #"{"ok":true,"id":50}"#)
        #expect(try greedy.line() == nil)
    }
}
