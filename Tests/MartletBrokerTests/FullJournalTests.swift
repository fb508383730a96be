import MartletBroker
import Testing

/// What is recorded when there is no space for another segment of the journal.
@Suite struct FullJournalTests {
    private let journal = ScriptedJournal(segmentSize: 4_000)
    private let engine: Engine
    private let peer: Engine.Peer

    init() {
        engine = Engine(journal: journal)
        peer = engine.connect()
    }

    private func send(_ queue: String, keyed: Bool = false, while condition: (Int) -> Bool) {
        let body = String(repeating: "x", count: keyed ? 1 : 300)
        let pad = String(repeating: "k", count: 100)
        var number = 0
        while condition(number) {
            number += 1
            let key = keyed ? #","dedup":"\#(pad)\#(queue)\#(number)""# : ""
            let answer = peer.send(#"{"op":"send","queue":"\#(queue)","body":"\#(body)"\#(key)}"#)
            guard answer.contains(#""ok":true"#) else {
                Issue.record("\(answer)")
                return
            }
        }
    }

    private func send(_ queue: String, until segment: UInt32, keyed: Bool = false) {
        send(queue, keyed: keyed) { _ in journal.segments[journal.segments.count - 1].number < segment }
    }

    /// From now on there is no space but for so many bytes.
    private func fill(but room: Int) {
        journal.room = room
        peer.send("ping")
    }

    /// Turns in which nothing happens but what the broker does by itself.
    private func idle() { for _ in 0..<5 { engine.pass(1) } }

    @Test func deadSegmentsAreCutIfThatCostsLittle() {
        send("jobs", until: 4)
        fill(but: 3_000)
        #expect(peer.send("purge jobs").contains("ok"))
        idle()
        #expect(journal.cuts == 1 && journal.segments.count == 1)
        #expect(journal.room ?? 0 > 1_500)
    }

    /// Also when a cut before was in vain, which would have to wait if there were space.
    @Test func deadSegmentsAreCutThoughACutWasInVainBefore() {
        send("jobs", until: 2, keyed: true)
        send("pin", until: 3)
        send("stay", until: 3)
        #expect(peer.send("send stay here").contains("ok"))
        // Its keys are stated anew, which takes as much as it gives back.
        #expect(peer.send("purge jobs").contains("ok"))
        idle()
        #expect(journal.cuts == 1 && journal.segments[0].number == 2)
        #expect(peer.send("purge pin").contains("ok"))
        idle()
        #expect(journal.cuts == 1)
        fill(but: 2_000)
        idle()
        #expect(journal.cuts == 2 && journal.segments[0].number == 3)
    }

    /// What would have to be stated anew does not fit into what is left for deletes.
    @Test(arguments: ["dedup", "history"])
    func deadSegmentsStayIfACutCostsTooMuch(_ reason: String) {
        if reason == "history" {
            #expect(peer.send(#"{"op":"declare","queue":"jobs","history":1000}"#).contains("ok"))
            send("jobs") { $0 < 50 }
            #expect(peer.send("purge jobs").contains("ok"))
            idle()
        }
        let count = reason == "dedup" ? 60 : 30
        send("jobs", keyed: reason == "dedup") { $0 < count }
        let cuts = journal.cuts
        fill(but: 4_000)
        #expect(peer.send("purge jobs").contains(#""purged":\#(count)"#))
        let left = journal.room ?? 0
        #expect(left > 500)
        idle()
        #expect(journal.room == left && journal.cuts == cuts)
    }

    /// A restatement that was under way when the space ran out is given up.
    @Test func whatWasUnderWayIsGivenUp() {
        for queue in ["jobs", "more"] { send(queue, keyed: true) { $0 < 800 } }
        for queue in ["more", "jobs"] { #expect(peer.send("purge \(queue)").contains("ok")) }
        // All segments are dead, and all keys are to be stated, those of one queue at once.
        journal.room = 120_000
        idle()
        let left = journal.room ?? 0
        #expect(left > 0 && left < 20_000)
        idle()
        #expect(journal.room == left && journal.cuts == 0)
        #expect(engine.broker.nextDeadline ?? .max > engine.now.monotonic, "nothing is tried again and again")
    }

    /// A purge that does not fit does what fits, and the rest when there is space.
    @Test func aPurgeGoesOnWhenThereIsSpace() {
        send("jobs") { $0 < 60 }
        fill(but: 700)
        let other = engine.connect()
        #expect(peer.send("purge jobs").isEmpty)
        idle()
        #expect(peer.take().isEmpty)
        #expect(journal.room ?? 0 > 0)
        #expect(other.send("stats jobs").contains(#""ready":"#))
        #expect(other.send("purge jobs").contains("not_durable"))
        journal.room = nil
        engine.pass(2_000)
        #expect(peer.take().contains(#""purged":60"#))
        #expect(other.send("stats jobs").contains(#""ready":0,"#))
    }
}
