import Testing

@testable import MartletBroker

/// More waits and leases that end at once than one slice sees to.
@Suite struct ManyEndingsTests {
    private let engine = Engine()

    private func peers(_ count: Int, waiting lines: [String]) -> [Engine.Peer] {
        (0..<count).map { _ in
            let peer = engine.connect()
            for line in lines { peer.send(line) }
            return peer
        }
    }

    /// All are told in the end, those in several lines only lose one, and the name is free at once.
    @Test(arguments: 1...3)
    func aQueueThatGoesTellsItsConsumersByAndBy(atOnce: Int) {
        engine.broker.dismissalsAtOnce = atOnce
        let waiting = peers(
            5,
            waiting: [
                #"{"op":"receive","queue":"old","wait":60,"tag":1}"#,
                #"{"op":"receive","queues":["old","other"],"wait":60,"tag":2}"#,
            ]
        )
        let subscribers = peers(4, waiting: [#"{"op":"subscribe","queue":"old"}"#])
        for peer in subscribers { _ = peer.take() }
        let owner = engine.connect()
        #expect(owner.send(#"{"op":"drop","queue":"old"}"#).contains(#""ok":true"#))
        #expect(owner.send("send old 1").contains(#""id":1"#), "a new queue of that name")
        #expect(waiting.allSatisfy { !$0.lines.contains { $0.contains("messages") } }, "nothing for those of the old")
        engine.pass(20)
        for peer in waiting {
            #expect(peer.take() == #"{"ok":false,"tag":1,"error":"no_queue","reason":"the queue old has gone"}"#)
        }
        for peer in subscribers { #expect(peer.take() == #"{"event":"ended","subscription":1,"queue":"old"}"#) }
        for body in 1...5 { owner.send("send other \(body)") }
        #expect(waiting.filter { $0.take().contains(#""tag":2,"messages":[{"id""#) }.count == 5)
        #expect(owner.send("stats old").contains(#""ready":1,"#))
        #expect(engine.firstBrokenInvariant == nil)
    }

    /// Whoever has gone is handed nothing, though its receives are not removed yet, and its leases come back.
    @Test(arguments: 1...3)
    func connectionsThatGoTogetherLeaveByAndBy(atOnce: Int) {
        engine.broker.endingsAtOnce = atOnce
        let owner = engine.connect()
        for body in 1...12 { owner.send("send held \(body)") }
        let waiting = peers(
            6,
            waiting: [
                "receive held", #"{"op":"receive","queue":"held","max":1}"#,
                #"{"op":"subscribe","queue":"jobs","auto_delete":true}"#,
                #"{"op":"receive","queue":"jobs","wait":60,"auto_delete":true}"#,
            ]
        )
        engine.broker.endingsLeft = atOnce
        for peer in waiting.dropLast() { peer.close() }
        for body in 1...3 {
            engine.handleAtOnce([#"{"op":"send","queue":"jobs","body":\#(body)}"#], from: owner)
        }
        #expect(owner.send("stats jobs").contains(#""ready":0,"#))
        let last = waiting[5].takeLines()
        #expect(last.filter { $0.contains(#""body":"#) }.count == 3, "all that was sent: \(last)")
        engine.pass(100)
        #expect(owner.send("stats held").contains(#""ready":10,"delayed":0,"leased":2"#))
        #expect(owner.send("stats jobs").contains(#""consumers":1,"#))
        #expect(engine.broker.sessions.all.count == 2)
        #expect(engine.firstBrokenInvariant == nil)
    }

    /// A half-closed connection, and a broker that goes down, answer what waits in order and with nothing.
    @Test(arguments: 1...5, [true, false])
    func whatWaitsIsAnsweredByAndBy(atOnce: Int, isDraining: Bool) {
        engine.broker.endingsAtOnce = atOnce
        let waiting = peers(
            3,
            waiting: (1...4).map { #"{"op":"receive","queue":"jobs","wait":60,"tag":\#($0)}"# }
        )
        let owner = engine.connect()
        engine.broker.endingsLeft = atOnce
        if isDraining {
            engine.broker.beginDraining(now: engine.now)
        } else {
            for peer in waiting { engine.finish(peer) }
        }
        let sent = owner.send("send jobs 1")
        #expect(sent.contains(isDraining ? "draining" : #""id":1"#))
        engine.pass(100)
        for peer in waiting {
            let expected = (1...4).map { #"{"ok":true,"tag":\#($0),"messages":[]}"# }
            #expect(peer.takeLines() == expected)
        }
        #expect(engine.firstBrokenInvariant == nil)
    }
}
