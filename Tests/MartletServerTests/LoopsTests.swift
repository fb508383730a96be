import Dispatch
import Glibc
import Synchronization
import Testing

@testable import MartletServer

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

    /// Messages, deadlines and the end come through while loops change hands all the time.
    @Test(arguments: [2, 3, 4]) func loopsChangeHands(loops: Int) throws {
        let running = try RunningServer.started(loops: loops)
        let consumers = try (0..<6).map { _ in try running.connect() }
        let sender = try running.connect()
        let isOver = Flag()
        let restless = try LoopThread(name: "restless") { [server = running.server] in
            var random = SmallRandom(state: UInt64(loops))
            while !isOver.isRaised {
                server.follow(.over(Int.random(in: 1...loops, using: &random)))
                sched_yield()
            }
        }
        defer {
            isOver.raise()
            restless.join()
        }
        for round in 0..<300 {
            let isInVain = round % 10 == 9
            let wait = isInVain ? "0.002" : "60"
            for consumer in consumers { try consumer.send(#"{"op":"receive","queue":"q","wait":\#(wait)}"# + "\n") }
            if !isInVain { for _ in consumers { try sender.send("send q hello\n") } }
            for consumer in consumers {
                #expect(try consumer.lines(1)[0].contains(isInVain ? #""messages":[]"# : "hello"))
            }
            if !isInVain { _ = try sender.lines(consumers.count) }
        }
        for peer in consumers { try peer.send(String(repeating: "ping\n", count: 50)) }
        running.drain()
        for peer in consumers { #expect(try peer.rest().split(separator: "\n").count == 50) }
    }

    /// One thread wakes for each of its loops, and whoever takes over a loop for good knows of it.
    @Test func loopsAreGatheredAndSpreadAgain() throws {
        let running = try RunningServer.started(loops: 4)
        let peers = try (0..<8).map { _ in try running.connect() }
        for round in 0..<40 {
            running.server.follow(.over(round.isMultiple(of: 2) ? 1 : 4))
            for peer in peers { try peer.send(#"{"op":"receive","queue":"q","wait":0.003}"# + "\n") }
            for peer in peers { #expect(try peer.line() == #"{"ok":true,"messages":[]}"#) }
            for peer in peers.dropLast() { try peer.send(#"{"op":"receive","queue":"q","wait":60}"# + "\n") }
            for _ in peers.dropLast() { try peers[7].send("send q hello\n") }
            for peer in peers.dropLast() { #expect(try peer.lines(1)[0].contains("hello")) }
            _ = try peers[7].lines(7)
        }
    }

    /// A loop that nobody talks to turns, too, when it is asked whether it does.
    @Test(arguments: [1, 2, 4]) func everyLoopHasAPulse(workers: Int) throws {
        let running = try RunningServer.started(loops: 4)
        running.server.follow(.over(workers))
        for _ in 0..<20 {
            let before = running.server.pulse()
            try eventually("all loops have taken a turn") {
                running.server.pulse().stuckLoops(since: before).isEmpty
            }
        }
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
        #expect(zip(server.pulse().turns, stuck.turns).allSatisfy { $0 <= $1 + 1 })
        released.signal()
        try eventually("the loops go on") { server.pulse().stuckLoops(since: stuck).isEmpty }
    }
}

/// Raised once, by any thread.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .acquiring) }

    func raise() { value.store(true, ordering: .releasing) }
}
