import Testing

@testable import MartletBroker

/// A peer that has sent its last byte: nobody can tell one that waits for replies from one that has gone altogether.
@Suite struct HalfClosedTests {
    private let engine = Engine()

    @Test func itWaitsNoMore() {
        let waiter = engine.connect()
        waiter.send(#"{"op":"receive","queue":"q","wait":60,"tag":7}"#)
        waiter.send("ping")
        engine.finish(waiter)
        #expect(waiter.take().hasPrefix(#"{"ok":true,"tag":7,"messages":[]}"# + "\n" + #"{"ok":true,"now""#))
        #expect(waiter.isClosed)
    }

    /// With `auto_delete` it would be lost, with `max_attempts` 1 dead.
    @Test func nothingIsHandedToIt() {
        let gone = engine.connect()
        gone.send(#"{"op":"subscribe","queue":"q"}"#)
        gone.send(#"{"op":"receive","queue":"q","wait":60,"auto_delete":true}"#)
        _ = gone.take()
        engine.finish(gone)
        let other = engine.connect()
        other.send("send q one")
        #expect(other.send("receive q").contains(#""attempt":1,"#))
        #expect(!gone.take().contains("one"))
    }

    @Test(arguments: ["quit", "GET / HTTP/1.1"])
    func nothingIsHandedToWhoQuits(line: String) {
        let leaving = engine.connect()
        leaving.send(#"{"op":"subscribe","queue":"q","auto_delete":true}"#)
        leaving.send(line)
        _ = leaving.take()
        let other = engine.connect()
        other.send("send q one")
        #expect(leaving.take().isEmpty)
        #expect(other.send("receive q").contains(#""attempt":1,"#))
    }

    /// A long operation of its own is still waited for; meanwhile its subscription takes nothing.
    @Test func whatIsUnderWayIsAnswered() {
        let peer = engine.connect()
        let batch = Array(repeating: #"{"body":1}"#, count: 10_000).joined(separator: ",")
        peer.send(#"{"op":"send","queue":"q","messages":[\#(batch)]}"#)
        peer.send(#"{"op":"subscribe","queue":"other"}"#)
        _ = peer.take()
        peer.send("purge q")
        engine.finish(peer)
        #expect(!peer.isClosed)
        engine.connect().send("send other one")
        for _ in 0..<10 { engine.pass(1) }
        #expect(peer.take() == #"{"ok":true,"purged":10000}"#)
        #expect(peer.isClosed)
    }

    @Test func withNothingToWaitForItClosesAtOnce() {
        let peer = engine.connect()
        peer.send("ping")
        engine.finish(peer)
        #expect(peer.isClosed)
        #expect(peer.take().isEmpty)
    }
}
