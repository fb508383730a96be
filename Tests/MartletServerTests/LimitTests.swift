import MartletServer
import Testing

/// What a server refuses, and how.
struct LimitTests {
    @Test func connectionsOverTheLimitAreToldAndClosed() throws {
        let running = try RunningServer.listening { $0.limits.maxConnections = 2 }
        let first = try running.dial()
        let second = try running.dial()
        for peer in [first, second] {
            try peer.send("ping\n")
            _ = try peer.lines(1)
        }
        let third = try running.dial()
        let line = try #require(try third.line())
        #expect(line.hasPrefix(#"{"ok":false,"error":"too_many","reason":""#))
        #expect(try third.line() == nil)
        first.close()
        try eventually("there is room again") {
            let next = try running.dial()
            guard (try? next.send("ping\n")) != nil else { return false }
            return try next.line()?.contains("now") == true
        }
    }

    @Test func silentConnectionsAreClosed() throws {
        let running = try RunningServer.started { $0.limits.idleTimeout = 20 }
        let silent = try running.connect()
        let dribbling = try running.connect()
        try dribbling.send("pin")
        #expect(try silent.rest() == "")
        #expect(try dribbling.rest() == "")
    }

    @Test func connectionsThatHaveSpokenMayBeSilent() throws {
        let running = try RunningServer.started { $0.limits.idleTimeout = 300 }
        let peer = try running.connect()
        try peer.send("ping\n")
        _ = try peer.lines(1)
        // A later connection is closed for its silence: by then the first has been silent for longer.
        #expect(try running.connect().rest() == "")
        try peer.send("ping\n")
        #expect(try peer.lines(1).count == 1)
    }

    @Test func limitsCanChangeWhileItRuns() throws {
        let running = try RunningServer.started()
        let peer = try running.connect()
        try peer.send("ping\n")
        _ = try peer.lines(1)
        running.server.enter { $0.settings.limits.maxLine = 10 }
        try eventually("the loop goes by the new limit") {
            try peer.send(#"{"op":"ping"}"# + "\n")
            return try peer.lines(1)[0].contains("too_large")
        }
    }
}
