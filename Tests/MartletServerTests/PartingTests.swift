import Testing

/// Peers that stop sending, go away, or vanish.
struct PartingTests {
    @Test func halfClosedPeersGetAllReplies() throws {
        let peer = try RunningServer.started().connect()
        try peer.send(String(repeating: "ping\n", count: 1000))
        peer.finish()
        let lines = try peer.rest().split(separator: "\n")
        #expect(lines.count == 1000)
        #expect(lines.allSatisfy { $0.contains("now") })
    }

    @Test func halfClosedPeersGetAllRepliesByTCP() throws {
        let running = try RunningServer.listening()
        let peer = try running.dial()
        try peer.send("ping\nping\n")
        peer.finish()
        #expect(try peer.rest().split(separator: "\n").count == 2)
    }

    @Test func halfClosedPeersWaitNoMore() throws {
        let peer = try RunningServer.started().connect()
        try peer.send(#"{"op":"receive","queue":"q","wait":60}"# + "\nping\n")
        peer.finish()
        let replies = try peer.rest().split(separator: "\n")
        #expect(replies.count == 2)
        #expect(replies[0] == #"{"ok":true,"messages":[]}"#)
    }

    /// More requests than may be in flight behind a receive that waits: the rest is read when it is answered.
    @Test(arguments: [false, true])
    func manyRequestsMayBeInFlight(peerEnds: Bool) throws {
        let running = try RunningServer.started()
        let peer = try running.connect()
        try peer.send(#"{"op":"receive","queue":"q","wait":60}"# + "\n" + String(repeating: "ping\n", count: 25_000))
        if peerEnds {
            peer.finish()
        } else {
            let sender = try running.connect()
            try sender.send("send q hello\n")
            _ = try sender.lines(1)
            peer.finish()
        }
        let replies = try peer.rest().split(separator: "\n")
        #expect(replies.count == 25_001)
        #expect(replies[0].contains("hello") != peerEnds)
        #expect(replies.dropFirst().allSatisfy { $0.contains("now") })
    }

    /// A TLS hello need not have a line end, so it is not waited for.
    @Test func whoSpeaksTLSIsTurnedAwayAtOnce() throws {
        let peer = try RunningServer.listening().dial()
        try peer.send("\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}")
        let reply = try peer.rest()
        #expect(reply.contains(#""error":"bad_request""#) && reply.contains("TLS"))
    }

    /// A long line is collected in a buffer of the connection's own, which must not go before the line is dealt with.
    @Test func longLinesThatEndWhileDrainingAreDealtWith() throws {
        for _ in 0..<5 {
            let running = try RunningServer.started()
            let peers = try (0..<8).map { _ in try running.connect() }
            for peer in peers {
                try peer.send("ping\n{" + String(repeating: " ", count: 200_000))
                _ = try peer.lines(1)
            }
            for peer in peers { try peer.send(#""op":"delete","queue":"q","id":7}"# + "\n") }
            running.drain()
            for peer in peers {
                let reply = try peer.rest()
                #expect(reply.contains(#""error":"no_queue""#), "\(reply)")
            }
        }
    }

    @Test func unfinishedLinesAreNeverExecuted() throws {
        let running = try RunningServer.started()
        let peer = try running.connect()
        try peer.send(#"{"op":"ping"}"# + "\n" + #"{"op":"send","queue":"q","body":1}"#)
        peer.finish()
        #expect(try peer.rest().split(separator: "\n").count == 1)
        let other = try running.connect()
        try other.send(#"{"op":"receive","queue":"q"}"# + "\n")
        #expect(try other.line() == #"{"ok":true,"messages":[]}"#)
    }

    @Test(arguments: [false, true])
    func leasesOfVanishedPeersAreReleasedAtOnce(byReset: Bool) throws {
        let running = try RunningServer.listening()
        let consumer = try running.dial()
        try consumer.send("send q hello\nreceive q\n")
        #expect(try consumer.lines(2)[1].contains(#""attempt":1"#))
        let next = try running.connect()
        try next.send(#"{"op":"receive","queue":"q","wait":60}"# + "\n")
        if byReset { consumer.reset() } else { consumer.close() }
        #expect(try next.lines(1)[0].contains(#""attempt":2"#))
    }

    /// By TCP nothing tells a process that was killed from one that has only sent its last byte.
    @Test(arguments: [false, true])
    func waitingReceivesOfVanishedPeersTakeNothing(byTCP: Bool) throws {
        let running = byTCP ? try RunningServer.listening() : try RunningServer.started()
        let waiting = byTCP ? try running.dial() : try running.connect()
        try waiting.send("ping\n" + #"{"op":"receive","queue":"q","wait":60}"# + "\n")
        _ = try waiting.lines(1)
        waiting.close()
        let other = try running.connect()
        try eventually("the core knows of one connection only") {
            try other.send(#"{"op":"stats"}"# + "\n")
            return try other.lines(1)[0].contains(#""connections":1,"#)
        }
        try other.send("send q hello\nreceive q\n")
        #expect(try other.lines(2)[1].contains(#""attempt":1"#))
    }

    @Test func theLastWordIsNotLostToUnreadInput() throws {
        let running = try RunningServer.listening()
        let peer = try running.dial()
        try peer.send("quit\n" + String(repeating: "ping\n", count: 20_000))
        #expect(try peer.rest() == #"{"ok":true}"# + "\n")
    }
}
