import Testing

@testable import MartletBroker

/// What is done as a whole is one entry of the journal, which is there as a whole or not at all.
@Suite struct EntryTests {
    private let journal = ScriptedJournal(segmentSize: 1 << 20)
    private let engine: Engine
    private let peer: Engine.Peer

    init() {
        engine = Engine(journal: journal)
        peer = engine.connect()
        for queue in ["a", "b"] {
            for rest in [#""op":"declare""#, #""op":"bind","topic":"x""#] {
                #expect(peer.send(#"{"queue":"\#(queue)",\#(rest)}"#).contains(#""ok":true"#))
            }
        }
    }

    @Test(
        arguments: [
            #"{"op":"send","queue":"a","messages":[{"body":1},{"body":2},{"body":3}]}"#,
            #"{"op":"send","queue":"a","messages":[{"body":1},{"body":2,"priority":9},{"body":3,"group":"g"}]}"#,
            #"{"op":"send","queue":"new","messages":[{"body":1},{"body":2},{"body":3}]}"#,
            #"{"op":"publish","topic":"x","body":1}"#,
            #"{"op":"atomic","requests":[{"op":"send","queue":"a","body":1},{"op":"send","queue":"b","body":2}]}"#,
        ]
    )
    func whatIsDoneAsAWholeIsOneEntry(_ line: String) {
        let before = journal.entries.count
        let answer = peer.send(line)
        #expect(answer.contains(#""ok":true"#), "\(answer)")
        #expect(journal.entries.count == before + 1)
    }

    /// An entry has a greatest length, and headers stand in it once for each queue that a publish reaches.
    @Test(
        arguments: [
            #"{"op":"publish","topic":"x","body":1,"headers":{"h":"\#(String(repeating: "x", count: 3000))"}}"#,
            #"{"op":"atomic","requests":[{"op":"delete","queue":"a","ids":[1,2,3,4,5,6,7,8,9,10,11,12]}]}"#,
        ]
    )
    func whatIsTooLargeForAnEntryIsRefused(_ line: String) {
        for _ in 1...12 { peer.send(#"{"op":"send","queue":"a","body":1}"#) }
        peer.send(#"{"op":"receive","queue":"a","max":12}"#)
        let before = journal.entries.count
        engine.broker.plan.maximumSize = 5_000
        let answer = peer.send(line)
        #expect(answer.contains(#""error":"too_large""#), "\(answer)")
        #expect(journal.entries.count == before)
        engine.broker.plan.maximumSize = 1 << 20
        #expect(peer.send(line).contains(#""ok":true"#))
        #expect(journal.entries.count == before + 1)
    }

    /// A slice is as large as what was recorded in the turn before it, which several requests may have made large.
    @Test func whatIsStatedAnewIsSpreadOverEntries() {
        let body = String(repeating: "x", count: 1_000)
        let send = { (queue: String) in #"{"op":"send","queue":"\#(queue)","body":"\#(body)"}"# }
        for _ in 0..<400 { peer.send(send("a")) }
        engine.broker.plan.maximumSize = 20_000
        while journal.cuts == 0, journal.bytes < 16 << 20 {
            engine.handleAtOnce([String](repeating: send("b"), count: 100), from: peer)
            peer.send(#"{"op":"purge","queue":"b","state":"all"}"#)
        }
        #expect(journal.cuts == 1)
        #expect(journal.entries.map(\.count).max() ?? 0 < 22_000)
    }
}
