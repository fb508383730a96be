import MartletProtocol
import Testing

@testable import MartletBroker

/// What is asked of very many queues or groups at once is done in slices, and comes out as if it had been done at once.
struct ManyQueuesTests {
    private static let count = 10_000

    /// A broker with one connection, and what it says to it.
    private struct Wire: ~Copyable {
        let broker: Broker
        let session: SessionID
        let batch = RequestBatch()
        var outbox = Outbox()
        var now = Now(wall: 1_700_000_000_000, monotonic: 1_000)

        init() {
            broker = Broker(settings: BrokerSettings(), loops: 1, incarnation: 1, now: now)
            session = broker.openSession(loop: 0, connection: 1, now: now)
        }

        /// The replies to some lines, and in how many turns they came.
        mutating func ask(_ lines: [String]) -> (text: String, turns: Int) {
            let bytes = lines.map { Array($0.utf8) }
            batch.removeAll()
            var text = ""
            for line in bytes {
                line.withUnsafeBytes { line in
                    batch.parse(line, limits: broker.settings.limits)
                    _ = broker.handle(batch, lines: batch.count - 1..<batch.count, from: session, now: now)
                }
            }
            for turn in 1...1_000 {
                broker.swapOutbox(ofLoop: 0, with: &outbox)
                text += String(decoding: outbox.bytes.bytes, as: UTF8.self)
                outbox.removeAll()
                if text.split(separator: "\n").count == lines.count { return (text, turn) }
                broker.advance(to: now)
            }
            Issue.record("not all is answered: \(text.prefix(200))")
            return (text, 0)
        }
    }

    private static func name(_ number: Int) -> String { "queue-\(String(100_000 + number).dropFirst())" }

    private static func withQueues() -> Wire {
        var wire = Wire()
        _ = wire.ask((0..<count).reversed().map { #"{"op":"send","queue":"\#(name($0))","body":1}"# })
        return wire
    }

    private static func names(_ reply: String) -> [String] {
        reply.split(separator: "\"").map(String.init).filter { $0.hasPrefix("queue-") }
    }

    @Test func aListingIsWholeAndInOrder() {
        var wire = Self.withQueues()
        let listing = wire.ask([#"{"op":"queues","tag":7}"#])
        #expect(Self.names(listing.text) == (0..<Self.count).map(Self.name))
        #expect(listing.text.hasPrefix(#"{"ok":true,"tag":7,"queues":[{"queue":"queue-00000","ready":1"#))
        #expect(listing.turns > 1, "it was cut into slices")
        let page = wire.ask([#"{"op":"queues","after":"queue-04998","max":3}"#])
        #expect(Self.names(page.text) == [4_999, 5_000, 5_001].map(Self.name))
        let matching = wire.ask([#"{"op":"queues","match":"queue-?9??9"}"#])
        #expect(
            Self.names(matching.text)
                == (0..<Self.count).map(Self.name).filter { $0.hasSuffix("9") && Array($0)[7] == "9" }
        )
        #expect(Self.names(wire.ask([#"{"op":"queues","match":"nothing"}"#]).text).isEmpty)
    }

    @Test func repliesKeepTheirOrderAroundALongOne() {
        var wire = Self.withQueues()
        let text = wire.ask([
            #"{"op":"queues"}"#, #"{"op":"ping","tag":1}"#, #"{"op":"stats"}"#, #"{"op":"ping","tag":2}"#,
        ]).text
        let lines = text.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].contains(#""queues":["#) && lines[1].contains(#""tag":1"#))
        #expect(lines[2].contains(#""ready":\#(Self.count),"#) && lines[3].contains(#""tag":2"#))
    }

    @Test func bindingsOfAllQueuesAreListed() {
        var wire = Self.withQueues()
        _ = wire.ask((0..<Self.count).map { #"{"op":"bind","queue":"\#(Self.name($0))","topic":"a"}"# })
        #expect(Self.names(wire.ask([#"{"op":"bindings"}"#]).text) == (0..<Self.count).map(Self.name))
        #expect(wire.ask([#"{"op":"publish","topic":"a","body":1}"#]).text.contains(#""routed":\#(Self.count)"#))
    }

    @Test func aChangeOfConcurrencyReachesEveryGroup() {
        var wire = Wire()
        let sends = (0..<Self.count).flatMap { group in
            (1...2).map { _ in #"{"op":"send","queue":"jobs","group":"g\#(group)","body":1}"# }
        }
        _ = wire.ask(sends)
        let receive = #"{"op":"receive","queue":"jobs","max":1000}"#
        let first = wire.ask([String](repeating: receive, count: 20)).text
        #expect(first.split(separator: "{").filter { $0.hasPrefix("\"id\":") }.count == Self.count)
        _ = wire.ask([#"{"op":"declare","queue":"jobs","group_concurrency":2}"#])
        for _ in 0..<10 { wire.broker.advance(to: wire.now) }
        let second = wire.ask([String](repeating: receive, count: 20)).text
        #expect(second.split(separator: "{").filter { $0.hasPrefix("\"id\":") }.count == Self.count)
    }

    @Test func aConnectionThatGoesLeavesItsLeasesToOthers() {
        var wire = Wire()
        let other = wire.broker.openSession(loop: 0, connection: 2, now: wire.now)
        _ = wire.ask([#"{"op":"subscribe","queue":"jobs","credit":9000}"#])
        let message = #"{"op":"send","queue":"jobs","body":1}"#
        let bytes = Array(message.utf8)
        bytes.withUnsafeBytes { line in
            wire.batch.removeAll()
            for _ in 0..<9_000 { wire.batch.parse(line, limits: wire.broker.settings.limits) }
            _ = wire.broker.handle(wire.batch, lines: 0..<9_000, from: other, now: wire.now)
        }
        #expect(wire.broker.queues.find("jobs")?.leased == 9_000)
        wire.broker.closeSession(wire.session, now: wire.now)
        for _ in 0..<10 { wire.broker.advance(to: wire.now) }
        #expect(wire.broker.queues.find("jobs")?.ready == 9_000)
        #expect(wire.broker.leases.count == 0)
    }
}
