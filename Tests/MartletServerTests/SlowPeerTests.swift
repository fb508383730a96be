import Testing

/// Peers that do not read what they have asked for.
struct SlowPeerTests {
    /// Asks for more and more without reading, until the server takes no more; returns the requests sent in full.
    private func flood(_ peer: Peer, bound: Int) throws -> Int {
        let request = Array((#"{"op":"help"}"# + "\n").utf8)
        var sent = 0
        var refusals = 0
        // The server is given time to read what is there: only when nothing fits for long has it stopped.
        while refusals < 100_000, sent < bound {
            let place = sent % request.count
            let count = peer.sendWhatFits(Array(request[place...]))
            sent += count
            refusals = count == 0 ? refusals + 1 : 0
        }
        return sent
    }

    @Test func aPeerThatDoesNotReadIsNoLongerReadFrom() throws {
        let running = try RunningServer.started { $0.limits.maxOutput = 64 << 10 }
        let peer = try running.connect()
        let bound = 64 << 20
        let sent = try flood(peer, bound: bound)
        #expect(sent < bound, "the server went on reading from a peer that owes it megabytes of reading")
        // Others are served meanwhile.
        let other = try running.connect()
        try other.send("ping\n")
        #expect(try other.lines(1).count == 1)
        // What was taken is answered, all of it and in order, once the peer reads.
        let whole = sent / 14
        let replies = try peer.lines(whole)
        #expect(Set(replies).count == 1)
        try peer.send(Array((#"{"op":"help"}"# + "\n").utf8).dropFirst(sent % 14) + Array("ping\n".utf8))
        let last = try peer.lines(sent % 14 == 0 ? 1 : 2)
        #expect(last.last?.contains("now") == true)
    }

    @Test func aPeerThatNeverReadsIsClosed() throws {
        let running = try RunningServer.started {
            $0.limits.maxOutput = 16 << 10
            $0.limits.slowPeerTimeout = 50
        }
        let peer = try running.connect()
        _ = try flood(peer, bound: 64 << 20)
        let other = try running.connect()
        try eventually("the slow peer is gone") {
            try other.send(#"{"op":"stats"}"# + "\n")
            return try other.lines(1)[0].contains(#""connections":1,"#)
        }
    }

    @Test func aSubscriberThatFallsBehindCatchesUp() throws {
        let running = try RunningServer.started { $0.limits.maxOutput = 32 << 10 }
        let subscriber = try running.connect()
        try subscriber.send(#"{"op":"subscribe","queue":"q","credit":10000,"auto_delete":true}"# + "\n")
        _ = try subscriber.lines(1)
        let sender = try running.connect()
        let count = 2000
        let body = String(repeating: "x", count: 1000)
        for index in 0..<count { try sender.send("send q \(index) \(body)\n") }
        _ = try sender.lines(count)
        for (index, line) in try subscriber.lines(count).enumerated() {
            #expect(line.contains(#""body":"\#(index) x"#))
        }
    }
}
