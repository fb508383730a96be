import Testing

/// What a peer sends, however it is cut, is answered line by line, in order.
struct ConversationTests {
    private static let request = #"{"op":"ping","tag":7}"# + "\r\n"

    @Test func answersPing() throws {
        let peer = try RunningServer.started().connect()
        try peer.send("ping\n")
        let reply = try #require(try peer.line())
        #expect(reply.hasPrefix(#"{"ok":true,"now":1"#))
    }

    @Test func answersWhateverTheChunks() throws {
        let running = try RunningServer.started()
        let bytes = Array((Self.request + "\n  \n" + Self.request).utf8)
        for cut in 1..<bytes.count {
            let peer = try running.connect()
            try peer.send(bytes[..<cut])
            // A round trip on another connection makes sure that the first part was read alone.
            let other = try running.connect()
            try other.send("ping\n")
            _ = try other.lines(1)
            try peer.send(bytes[cut...])
            #expect(try peer.lines(2).allSatisfy { $0.contains(#""tag":7"#) })
        }
    }

    @Test func answersByteByByte() throws {
        let peer = try RunningServer.started().connect()
        for byte in Self.request.utf8 { try peer.send([byte]) }
        #expect(try peer.lines(1)[0].contains(#""tag":7"#))
    }

    @Test func repliesComeInTheOrderOfRequests() throws {
        let peer = try RunningServer.started().connect()
        let count = 5000
        try peer.send((0..<count).map { #"{"op":"ping","tag":\#($0)}"# + "\n" }.joined())
        for (index, line) in try peer.lines(count).enumerated() {
            #expect(line.contains(#""tag":\#(index)}"#) || line.contains(#""tag":\#(index),"#))
        }
    }

    @Test func longLinesArriveWhole() throws {
        let peer = try RunningServer.started().connect()
        let body = String(repeating: "x", count: 300_000)
        try peer.send(#"{"op":"send","queue":"q","body":"\#(body)"}"# + "\n" + #"{"op":"receive","queue":"q"}"# + "\n")
        let lines = try peer.lines(2)
        #expect(lines[0].hasPrefix(#"{"ok":true,"id":1"#))
        #expect(lines[1].contains(#""body":"\#(body)""#))
    }

    @Test(arguments: [1, 5, 70_000, 200_000])
    func tooLongLinesAreSkipped(excess: Int) throws {
        let peer = try RunningServer.started { $0.limits.maxLine = 2000 }.connect()
        try peer.send("ping\n" + String(repeating: "x", count: 2000 + excess) + "\n" + Self.request)
        let lines = try peer.lines(3)
        #expect(lines[1].contains(#""error":"too_large""#))
        #expect(lines[2].contains(#""tag":7"#))
    }

    @Test func quitClosesAfterItsReply() throws {
        let peer = try RunningServer.started().connect()
        try peer.send("ping\nquit\nping\n")
        let lines = try peer.rest().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.last == #"{"ok":true}"#)
    }

    @Test func browsersAreTurnedAway() throws {
        let running = try RunningServer.listening()
        let peer = try running.dial()
        try peer.send("POST / HTTP/1.1\r\nHost: x\r\n\r\n{\"op\":\"send\",\"queue\":\"q\",\"body\":1}\n")
        let lines = try peer.rest().split(separator: "\n")
        #expect(lines.count == 1)
        #expect(lines[0].contains(#""error":"bad_request""#))
        let other = try running.connect()
        try other.send(#"{"op":"receive","queue":"q"}"# + "\n")
        #expect(try other.line() == #"{"ok":true,"messages":[]}"#)
    }
}
