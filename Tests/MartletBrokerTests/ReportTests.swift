import Testing

@testable import MartletBroker

/// What is told of queues, where the figures are at their limits.
@Suite struct ReportTests {
    private let engine = Engine()

    /// As much is deleted as is sent, but not from the same queues: the sums of their rates differ by a rounding error.
    @Test func theBrokersFiguresBearBalancedTraffic() {
        let peer = engine.connect()
        let queues = ["a", "b", "c"]
        for queue in queues {
            for _ in 1...400 { peer.send("send \(queue) x") }
        }
        engine.pass(12_000)
        for round in 0..<300 {
            for (queue, (sent, taken)) in zip(queues, [(7, 1), (3, 3), (1, 7)]) {
                for _ in 0..<sent { peer.send("send \(queue) x") }
                peer.send(#"{"op":"receive","queue":"\#(queue)","max":\#(taken),"auto_delete":true}"#)
            }
            engine.pass(10 + round % 7)
            let stats = peer.send(#"{"op":"stats"}"#)
            #expect(stats.contains(#""drain_seconds":null"#) || stats.contains(#""drain_seconds":"#))
        }
    }

    /// A rate that is next to nothing is a limit all the same, and is told as it is.
    @Test func aVeryLowRateHoldsAndIsShown() {
        let peer = engine.connect()
        let declared = peer.send(#"{"op":"declare","queue":"slow","rate":1e-16,"burst":1}"#)
        #expect(declared.contains(#""rate":1e-16,"#))
        for body in 1...3 { peer.send("send slow \(body)") }
        #expect(peer.send("receive slow").contains(#""id":1"#))
        #expect(peer.send("explain slow").contains("the next may leave in 86400 s or later"))
        peer.send(#"{"op":"receive","queue":"slow","wait":3600}"#)
        engine.pass(3_600_000)
        #expect(peer.take() == #"{"ok":true,"messages":[]}"#)
        let exact = peer.send(
            #"{"op":"declare","queue":"e","rate":1234.56789,"retry_delay":{"initial":1,"factor":1.23456,"max":9}}"#
        )
        #expect(exact.contains(#""rate":1234.56789,"#) && exact.contains(#""factor":1.23456,"#))
    }

    /// Whoever pages through a history by ids sees each record once, in whatever order the messages ended.
    @Test(arguments: [1, 2, 3, 4, 100])
    func aHistoryIsPagedByIDs(max: Int) {
        let peer = engine.connect()
        peer.send(#"{"op":"declare","queue":"h","history":100}"#)
        for body in 1...6 { peer.send("send h \(body)") }
        peer.send(#"{"op":"receive","queue":"h","max":6}"#)
        for id in [5, 3, 1, 6, 2, 4] { peer.send("delete h \(id)") }
        var (found, last) = ([Int](), 0)
        while true {
            let page = peer.send(#"{"op":"history","queue":"h","after":\#(last),"max":\#(max)}"#)
            let ids = page.components(between: #"{"id":"#, and: ",").compactMap(Int.init)
            guard let highest = ids.last else { break }
            (found, last) = (found + ids, highest)
        }
        #expect(found == [1, 2, 3, 4, 5, 6])
    }

    /// Names are compared as text, however their JSON was written.
    @Test func aHistoryFindsANameHoweverItIsWritten() {
        let peer = engine.connect()
        peer.send(#"{"op":"hello","name":"prod\u00e4"}"#)
        peer.send(#"{"op":"declare","queue":"h","history":9}"#)
        peer.send("send h x")
        peer.send("receive h")
        peer.send("delete h 1")
        for name in [#"prod\u00E4"#, #"prod\u00e4"#, "prodä", #"\u0070rodä"#] {
            for role in ["producer", "consumer"] {
                let found = peer.send(#"{"op":"history","queue":"h","\#(role)":"\#(name)"}"#)
                #expect(found.contains(#""id":1,"producer":"prodä","consumer":"prodä""#))
            }
        }
    }

    @Test func explainTellsWhenADelayedMessageIsReady() {
        let peer = engine.connect()
        peer.send(#"{"op":"send","queue":"d","body":1,"delay":100,"ttl":10}"#)
        #expect(peer.send("explain d").contains("1 message is delayed and will expire before"))
        peer.send(#"{"op":"send","queue":"d","body":1,"delay":50}"#)
        #expect(peer.send("explain d").contains("2 messages are delayed: the next is ready at 1700000050000 (in 50 s)"))
    }
}

extension String {
    /// The texts that stand between one mark and the next other one.
    fileprivate func components(between opening: String, and closing: Character) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: opening) {
            rest = rest[range.upperBound...]
            found.append(String(rest.prefix { $0 != closing }))
        }
        return found
    }
}
