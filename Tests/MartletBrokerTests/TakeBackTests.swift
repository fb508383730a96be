import MartletBroker
import Testing

/// The journal fails before messages are durable: nobody sees them any more, wherever they have gone meanwhile.
@Suite struct TakeBackTests {
    private let engine: Engine
    private let journal: ScriptedJournal
    private let peer: Engine.Peer
    /// Everything up to here is durable.
    private let durable: Int

    init() {
        journal = ScriptedJournal(segmentSize: 1 << 20)
        engine = Engine(journal: journal)
        peer = engine.connect()
        for line in [
            #"{"op":"declare","queue":"jobs","dead_letter":"dead","ttl":10,"on_expire":"dead"}"#,
            #"{"op":"declare","queue":"dead","dead_letter":"deader"}"#,
            #"{"op":"declare","queue":"deader"}"#, #"{"op":"declare","queue":"other"}"#,
            #"{"op":"send","queue":"jobs","body":"kept"}"#,
        ] {
            #expect(peer.send(line).contains(#""ok":true"#))
        }
        durable = journal.entries.count
    }

    private func fail() {
        engine.broker.journalFailed("the disk is broken")
        var lost = LostMessages()
        for entry in journal.entries[durable...] { entry.withUnsafeBytes { engine.broker.takeBack($0, &lost) } }
        #expect(engine.firstBrokenInvariant == nil)
    }

    /// Bodies of all messages in all queues.
    private var seen: [String] {
        let lines = ["jobs", "dead", "deader", "other"].flatMap { queue in
            ["ready", "delayed", "leased", "dead"].map {
                peer.send(#"{"op":"peek","queue":"\#(queue)","state":"\#($0)","max":10}"#)
            }
        }
        return ["kept", "lost"].filter { body in lines.contains { $0.contains(#""body":"\#(body)""#) } }
    }

    @Test func whereItWasSent() {
        #expect(peer.send(#"{"op":"send","queue":"jobs","body":"lost"}"#).contains(#""id":2"#))
        #expect(seen == ["kept", "lost"])
        fail()
        #expect(seen == ["kept"])
    }

    @Test func whereItWentWhenItExpired() {
        peer.send(#"{"op":"send","queue":"jobs","body":"lost"}"#)
        engine.pass(11_000)
        #expect(peer.send("stats dead").contains(#""ready":2,"#))
        fail()
        // The other was durable when it went, and is kept wherever it is.
        #expect(seen == ["kept"])
        #expect(peer.send("stats dead").contains(#""ready":1,"#))
    }

    @Test func whereItWentWhenItWasRejected() {
        peer.send(#"{"op":"send","queue":"jobs","body":"lost"}"#)
        peer.send(#"{"op":"receive","queue":"jobs","max":2}"#)
        peer.send("reject jobs 2")
        #expect(peer.send("stats dead").contains(#""ready":1,"#))
        fail()
        #expect(seen == ["kept"])
    }

    @Test func whereItWentAfterThat() {
        peer.send(#"{"op":"send","queue":"jobs","body":"lost"}"#)
        peer.send(#"{"op":"receive","queue":"jobs","max":2}"#)
        peer.send("reject jobs 2")
        peer.send("receive dead")
        peer.send("reject dead 1")
        #expect(peer.send("stats deader").contains(#""ready":1,"#))
        fail()
        #expect(seen == ["kept"])
    }

    @Test func whereItWasRedrivenTo() {
        #expect(peer.send(#"{"op":"declare","queue":"jobs","dead_letter":null}"#).contains(#""ok":true"#))
        peer.send(#"{"op":"send","queue":"jobs","body":"lost"}"#)
        peer.send(#"{"op":"receive","queue":"jobs","max":2}"#)
        peer.send("reject jobs 2")
        #expect(peer.send(#"{"op":"redrive","queue":"jobs","to":"other"}"#).contains(#""moved":1"#))
        #expect(peer.send("stats other").contains(#""ready":1,"#))
        fail()
        #expect(seen == ["kept"])
    }
}
