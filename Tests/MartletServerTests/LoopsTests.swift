import Dispatch
import MartletServer
import Testing

/// Several loops in front of one core.
struct LoopsTests {
    @Test func messagesCrossLoops() throws {
        let running = try RunningServer.started(loops: 3)
        let consumers = try (0..<6).map { _ in try running.connect() }
        let sender = try running.connect()
        for _ in 0..<50 {
            for consumer in consumers { try consumer.send(#"{"op":"receive","queue":"q","wait":60}"# + "\n") }
            for _ in consumers { try sender.send("send q hello\n") }
            for consumer in consumers { #expect(try consumer.lines(1)[0].contains("hello")) }
            _ = try sender.lines(consumers.count)
        }
    }

    @Test func deadlinesOfEveryLoopAreKept() throws {
        let running = try RunningServer.started(loops: 4)
        // Connections are spread over the loops, so most of these wait on a loop that is not the timekeeper.
        let peers = try (0..<8).map { _ in try running.connect() }
        for peer in peers { try peer.send(#"{"op":"receive","queue":"q","wait":0.03}"# + "\n") }
        for peer in peers { #expect(try peer.line() == #"{"ok":true,"messages":[]}"#) }
    }

    @Test func aStuckCoreShowsInThePulse() throws {
        let running = try RunningServer.started(loops: 2)
        let before = running.server.pulse()
        try eventually("all loops have taken a turn") {
            running.server.pulse().stuckLoops(since: before).isEmpty
        }
        let entered = DispatchSemaphore(value: 0)
        let released = DispatchSemaphore(value: 0)
        let server = running.server
        DispatchQueue.global().async {
            server.enter { _ in
                entered.signal()
                released.wait()
            }
        }
        entered.wait()
        let stuck = server.pulse()
        // Each loop may finish the turn it was in, but none gets through another.
        _ = server.pulse()
        #expect(server.pulse().turns(since: stuck).allSatisfy { $0 <= 1 })
        released.signal()
        try eventually("the loops go on") { server.pulse().stuckLoops(since: stuck).isEmpty }
    }
}
