import Testing

@testable import MartletServer

/// Going down.
struct DrainTests {
    @Test func whatHasArrivedIsAnsweredBeforeTheEnd() throws {
        let running = try RunningServer.started(loops: 2)
        let peers = try (0..<8).map { _ in try running.connect() }
        for peer in peers { try peer.send(String(repeating: "ping\n", count: 100)) }
        running.drain()
        for peer in peers {
            let lines = try peer.rest().split(separator: "\n")
            #expect(lines.count == 100)
            #expect(lines.allSatisfy { $0.contains("now") })
        }
    }

    /// A peer that was let in as the end began, and says its first word only then.
    @Test func whoHasJustComeIsHeard() throws {
        let running = try RunningServer.started(loops: 2)
        let early = try running.connect()
        try early.send("ping\n")
        _ = try early.lines(1)
        let newcomers = try (0..<4).map { _ in try running.connect() }
        let draining = try LoopThread(name: "drain") { running.drain() }
        // It is closed when the end has begun.
        #expect(try early.line() == nil)
        for newcomer in newcomers {
            try newcomer.send("ping\n" + #"{"op":"send","queue":"q","body":1}"# + "\n")
            let lines = try newcomer.rest().split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first?.contains("now") == true)
            #expect(lines.last?.contains("draining") == true)
        }
        draining.join()
    }

    @Test func whoSaysNothingIsNotWaitedForLong() throws {
        let running = try RunningServer.started()
        let peer = try running.connect()
        running.drain(milliseconds: 60_000)
        #expect(try peer.line() == nil)
    }

    @Test func waitingReceivesAreAnswered() throws {
        let running = try RunningServer.started()
        let peer = try running.connect()
        try peer.send("ping\n" + #"{"op":"receive","queue":"q","wait":3600}"# + "\n")
        _ = try peer.lines(1)
        running.drain()
        #expect(try peer.rest().split(separator: "\n").count == 1)
    }

    @Test func listenersAreClosedAndSocketFilesRemoved() throws {
        let running = try RunningServer.listening()
        let peer = try running.dial()
        try peer.send("ping\n")
        _ = try peer.lines(1)
        running.drain()
        #expect(throws: (any Error).self) { try running.dial() }
    }

    @Test func aPeerThatDoesNotReadDoesNotHoldItUp() throws {
        let running = try RunningServer.started()
        let peer = try running.connect()
        // More than any socket's buffer holds.
        try peer.send(#"{"op":"send","queue":"q","body":"\#(String(repeating: "x", count: 1 << 20))"}"# + "\n")
        _ = try peer.lines(1)
        try peer.send(String(repeating: #"{"op":"peek","queue":"q"}"# + "\n", count: 3))
        let began = Clock.now().monotonic
        running.drain(milliseconds: 100)
        #expect(Clock.now().monotonic - began < Int(Peer.patience))
    }
}
