import Testing

@testable import MartletBroker

/// A peer that has sent its last byte and still waits: nobody can tell it from one that has gone altogether.
@Suite struct HalfClosedTests {
    @Test func itIsServedWhenNoOneElseWaits() {
        let engine = Engine()
        let waiter = engine.connect()
        waiter.send(#"{"op":"receive","queue":"q","wait":60}"#)
        engine.finish(waiter)
        engine.connect().send("send q one")
        #expect(waiter.take().contains(#""body":"one""#))
        #expect(waiter.isClosed)
    }

    @Test func everyoneElseIsServedFirst() {
        let engine = Engine()
        let gone = engine.connect()
        gone.send(#"{"op":"receive","queue":"q","wait":60}"#)
        engine.finish(gone)
        let alive = engine.connect()
        alive.send(#"{"op":"receive","queue":"q","wait":60}"#)
        engine.connect().send("send q one")
        #expect(alive.take().contains(#""attempt":1,"#))
        #expect(gone.take().isEmpty)
        #expect(!gone.isClosed)
    }

    @Test func itsRepliesComeInOrderAndThenItCloses() {
        let engine = Engine()
        let waiter = engine.connect()
        waiter.send(#"{"op":"receive","queue":"q","wait":1}"#)
        waiter.send("ping")
        engine.finish(waiter)
        #expect(!waiter.isClosed)
        engine.pass(1_000)
        #expect(waiter.take().hasPrefix(#"{"ok":true,"messages":[]}"#))
        #expect(waiter.isClosed)
    }

    @Test func withNothingToWaitForItClosesAtOnce() {
        let engine = Engine()
        let peer = engine.connect()
        peer.send("ping")
        engine.finish(peer)
        #expect(peer.isClosed)
        #expect(peer.take().isEmpty)
    }
}
