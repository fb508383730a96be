import Testing

@testable import MartletBroker

/// What has grown and is made small again while a job goes through it, and after a recovery.
@Suite struct ShrinkingTests {
    private static let many = 9_000

    private func messages(_ member: (Int) -> String) -> String {
        (1...Self.many).map { #"{"body":1\#(member($0))}"# }.joined(separator: ",")
    }

    /// A change of `group_concurrency` goes on in slices; meanwhile the last group goes, and the table begins anew.
    @Test(arguments: [false, true])
    func groupsGoWhileTheyAreOffered(isRecovered: Bool) throws {
        let journal = isRecovered ? ScriptedJournal(segmentSize: 1 << 20) : nil
        let engine = Engine(journal: journal)
        let peer = engine.connect()
        peer.send(#"{"op":"send","queue":"q","messages":[\#(messages { #","group":"g\#($0)""# })]}"#)
        let ids = (1...Self.many).map(String.init).joined(separator: ",")
        engine.handleAtOnce(
            [
                #"{"op":"declare","queue":"q","group_concurrency":2}"#,
                #"{"op":"delete","queue":"q","ids":[\#(ids)],"force":true}"#,
            ],
            from: peer
        )
        #expect(peer.take().hasSuffix(#"{"ok":true,"deleted":\#(Self.many)}"#))
        engine.pass(1)
        #expect(engine.firstBrokenInvariant == nil)
        guard let journal else { return }
        let recovered = Engine(try journal.recover(BrokerSettings(), now: engine.now), now: engine.now)
        recovered.pass(1)
        let other = recovered.connect()
        #expect(
            other.send(#"{"op":"send","queue":"q","body":1,"group":"g"}"#) == #"{"ok":true,"id":\#(Self.many + 1)}"#
        )
        #expect(other.send(#"{"op":"receive","queue":"q"}"#).contains(#""id":\#(Self.many + 1)"#))
        #expect(recovered.firstBrokenInvariant == nil)
    }

    /// Records that a lower limit has taken away do not come back with a higher one.
    @Test(arguments: [false, true])
    func forgottenHistoryStaysForgotten(isRecovered: Bool) throws {
        let journal = isRecovered ? ScriptedJournal(segmentSize: 1 << 20) : nil
        var engine = Engine(journal: journal)
        var peer = engine.connect()
        peer.send(#"{"op":"declare","queue":"q","history":\#(Self.many)}"#)
        peer.send(#"{"op":"send","queue":"q","messages":[\#(messages { _ in "" })]}"#)
        for _ in 0..<9 { peer.send(#"{"op":"receive","queue":"q","max":1000,"auto_delete":true}"#) }
        let all = #"{"op":"history","queue":"q","max":1000}"#
        #expect(peer.send(all).contains(#""id":1,"#))
        engine.handleAtOnce(
            [#"{"op":"declare","queue":"q","history":2}"#, #"{"op":"declare","queue":"q","history":8000}"#],
            from: peer
        )
        _ = peer.take()
        if let journal {
            engine = Engine(try journal.recover(BrokerSettings(), now: engine.now), now: engine.now)
            peer = engine.connect()
        }
        let rest = peer.send(all)
        #expect(rest.contains(#""id":\#(Self.many - 1),"#) && rest.contains(#""id":\#(Self.many),"#))
        #expect(!rest.contains(#""id":\#(Self.many - 2),"#), "what was forgotten is back: \(rest.prefix(200))")
        engine.pass(1)
        #expect(peer.send(all) == rest)
    }

    /// With bindings by the thousand, a dropped queue takes none of the room for new ones.
    @Test func droppedBindingsDoNotCount() {
        var settings = BrokerSettings()
        settings.limits.maxBindings = 5_000
        let engine = Engine(settings)
        let peer = engine.connect()
        peer.send(#"{"op":"declare","queue":"q"}"#)
        for number in 0..<5_000 { peer.send(#"{"op":"bind","queue":"q","topic":"t.\#(number)"}"#) }
        #expect(peer.send(#"{"op":"bind","queue":"q","topic":"x"}"#).contains("too_many"))
        engine.handleAtOnce(
            [
                #"{"op":"drop","queue":"q"}"#, #"{"op":"declare","queue":"r"}"#,
                #"{"op":"bind","queue":"r","topic":"t.1"}"#, #"{"op":"publish","topic":"t.1","body":1}"#,
                #"{"op":"publish","topic":"t.2","body":1}"#,
            ],
            from: peer
        )
        #expect(
            peer.takeLines().suffix(3) == [#"{"ok":true}"#, #"{"ok":true,"routed":1}"#, #"{"ok":true,"routed":0}"#]
        )
        engine.pass(1)
        #expect(engine.firstBrokenInvariant == nil)
    }
}
