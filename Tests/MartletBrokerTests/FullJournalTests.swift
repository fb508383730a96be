import MartletProtocol
import Testing

@testable import MartletBroker

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

    /// Nothing is recorded after a failure, so want of room holds nothing up.
    @Test func aFullJournalThatFailsStillHandsOut() {
        send("jobs") { $0 < 3 }
        fill(but: 100)
        #expect(peer.send("receive jobs").contains("not_durable"))
        engine.broker.journalFailed("for a test")
        #expect(peer.send("receive jobs").contains(#""id":1"#))
    }

    /// The next turn has room again: the journal is not full.
    @Test func aTurnTakesNoMoreThanFitsWhileThereIsSpace() {
        send("jobs") { $0 < 200 }
        let ids = (1...200).map(String.init).joined(separator: ",")
        engine.broker.journal.roomAtOnce = 2_000
        let deleted = peer.send(#"{"op":"delete","queue":"jobs","ids":[\#(ids)],"force":true}"#)
        #expect(deleted.contains("not_durable") && !deleted.contains(#""deleted":0"#))
        engine.broker.journal.roomAtOnce = 100
        #expect(peer.send("delete jobs 200").contains("so much at once"))
        engine.broker.journal.roomAtOnce = .max
        #expect(peer.send(#"{"op":"delete","queue":"jobs","id":200,"force":true}"#).contains(#""ok":true"#))
    }

    /// Names of groups and keys are no messages' bytes, and are recorded with them.
    @Test(arguments: ["group", "dedup"])
    func aBatchIsTakenIfAllOfItFits(_ member: String) {
        let key = String(repeating: "k", count: 100)
        func batch(_ count: Int) -> String {
            let messages = (0..<count).map { #"{"body":\#($0),"\#(member)":"\#(key)\#($0)"}"# }
            return #"{"op":"send","queue":"jobs","messages":[\#(messages.joined(separator: ","))]}"#
        }
        engine.broker.journal.roomForNew = 500
        #expect(peer.send(batch(4)).contains("so much at once"))
        #expect(peer.send(batch(2)).contains(#""ok":true"#))
    }

    @Test func deadSegmentsAreCutIfThatCostsLittle() {
        send("jobs", until: 4)
        fill(but: 3_000)
        #expect(peer.send("purge jobs").contains("ok"))
        idle()
        #expect(journal.cuts == 1 && journal.segments.count == 1)
        #expect(journal.room ?? 0 > 1_500)
    }

    /// While there is space, a cut waits until it gives back more than it takes.
    @Test func deadSegmentsAreCutWhenThatIsWorthIt() {
        send("jobs", until: 2, keyed: true)
        send("pin", until: 3)
        send("stay", until: 3)
        #expect(peer.send("send stay here").contains("ok"))
        // Its keys would be stated anew, which takes as much as it gives back.
        #expect(peer.send("purge jobs").contains("ok"))
        idle()
        #expect(journal.cuts == 0 && journal.segments[0].number == 1)
        #expect(peer.send("purge pin").contains("ok"))
        idle()
        #expect(journal.cuts == 1 && journal.segments[0].number == 3)
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

    @Test func aRedriveGoesOnWhenThereIsSpace() {
        peer.send(#"{"op":"declare","queue":"jobs","max_attempts":1}"#)
        send("jobs") { $0 < 40 }
        #expect(peer.send(#"{"op":"receive","queue":"jobs","max":40,"lease":1}"#).contains(#""id":40,"#))
        engine.pass(1_000)
        fill(but: 500)
        #expect(peer.send(#"{"op":"redrive","queue":"jobs"}"#).isEmpty)
        idle()
        #expect(peer.take().isEmpty)
        #expect(journal.room ?? 0 > 0)
        spaceComes()
        #expect(peer.take().contains(#""moved":40"#))
    }

    @Test func aBatchDeletesWhatFits() {
        send("jobs") { $0 < 60 }
        fill(but: 500)
        let ids = (1...60).map(String.init).joined(separator: ",")
        let answer = peer.send(#"{"op":"delete","queue":"jobs","force":true,"ids":[\#(ids)]}"#)
        #expect(answer.contains(#"{"id":60,"error":"not_durable"}"#) && !answer.contains(#""id":1,"#))
        #expect(journal.room ?? 0 > 0)
    }

    @Test func anAtomicThatDoesNotFitIsRefused() {
        send("jobs") { $0 < 60 }
        fill(but: 900)
        let deletes = (1...60).map { #"{"op":"delete","queue":"jobs","force":true,"id":\#($0)}"# }
        func atomic(_ count: Int) -> String {
            peer.send(#"{"op":"atomic","requests":[\#(deletes.prefix(count).joined(separator: ","))]}"#)
        }
        #expect(atomic(60).contains("not_durable"))
        #expect(journal.room == 900)
        #expect(atomic(2).contains(#"{"ok":true,"results""#))
    }
}

// What happens without being asked for, when there is no room even for that: nothing of it is recorded, so that no
// reply waits for it; all of it is made up for when there is space.
extension FullJournalTests {
    private func spaceComes() {
        journal.room = nil
        for _ in 0..<2 { engine.pass(1_000) }
    }

    /// Lets ten seconds pass in which nothing may be recorded.
    private func passWithoutRoom() {
        let room = journal.room
        for _ in 0..<10 { engine.pass(1_000) }
        #expect(journal.room == room)
        #expect(engine.broker.nextDeadline ?? .max > engine.now.monotonic, "nothing is tried again and again")
    }

    @Test func timeDoesNothing() {
        peer.send(#"{"op":"declare","queue":"jobs"}"#)
        peer.send(#"{"op":"send","queue":"jobs","body":"leased"}"#)
        #expect(peer.send(#"{"op":"receive","queue":"jobs","lease":2}"#).contains("leased"))
        peer.send(#"{"op":"send","queue":"jobs","body":"late","delay":3}"#)
        peer.send(#"{"op":"send","queue":"mortal","body":"mortal","ttl":4}"#)
        peer.send(#"{"op":"declare","queue":"unused"}"#)
        #expect(peer.send(#"{"op":"receive","queue":"jobs","wait":5}"#).isEmpty)
        fill(but: 100)
        passWithoutRoom()
        #expect(peer.take().contains(#""messages":[]"#), "a receive that has waited long enough is answered")
        #expect(peer.send("stats jobs").contains(#""ready":0,"delayed":1,"leased":1"#))
        #expect(peer.send("stats mortal").contains(#""ready":1,"#))
        #expect(peer.send("explain jobs").contains("(0 s more)"))
        spaceComes()
        #expect(peer.send("stats jobs").contains(#""ready":2,"delayed":0,"leased":0"#))
        #expect(peer.send("stats mortal").contains(#""ready":0,"#))
    }

    /// What has expired is not delivered in the first moment with space either.
    @Test func whatHasExpiredIsDeliveredToNobody() {
        peer.send(#"{"op":"send","queue":"jobs","body":"mortal","ttl":4}"#)
        fill(but: 100)
        engine.pass(5_000)
        journal.room = nil
        peer.send("ping")
        #expect(peer.send("receive jobs").contains(#""messages":[]"#))
    }

    @Test func anUnusedQueueStays() {
        var settings = BrokerSettings()
        var unused = QueueSettingsPatch()
        unused.expireUnused = 2_000
        settings.queueDefaults = [BrokerSettings.QueueDefaults(pattern: Glob("auto.*"), patch: unused)]
        engine.broker.settings = settings
        #expect(peer.send("receive auto.x").contains("ok"))
        fill(but: 100)
        passWithoutRoom()
        #expect(peer.send("stats auto.x").contains(#""ok":true"#))
        spaceComes()
        #expect(peer.send("stats auto.x").contains("no_queue"))
    }

    /// Its rate would allow for the next messages, and its consumer waits.
    @Test func nothingIsPushed() {
        peer.send(#"{"op":"declare","queue":"jobs","rate":1}"#)
        send("jobs") { $0 < 3 }
        #expect(peer.send(#"{"op":"subscribe","queue":"jobs"}"#).contains(#""id":1,"#))
        fill(but: 100)
        passWithoutRoom()
        #expect(peer.take().isEmpty)
        spaceComes()
        #expect(peer.take().contains(#""id":3,"#))
    }

    /// Room for some of the leases is used, and the rest comes later.
    @Test func pushingStopsWhereRoomEnds() {
        send("jobs") { $0 < 60 }
        fill(but: 700)
        let pushed = peer.send(#"{"op":"subscribe","queue":"jobs"}"#).split(separator: "\n").count - 1
        #expect(pushed > 3 && pushed < 20)
        passWithoutRoom()
        spaceComes()
        #expect(peer.takeLines().count == 60 - pushed)
    }

    @Test func aConnectionThatClosesGivesItsLeasesBackLater() {
        send("jobs") { $0 < 3 }
        let other = engine.connect()
        #expect(other.send(#"{"op":"receive","queue":"jobs","max":2,"lease":600}"#).contains(#""id":2,"#))
        let lease = other.send(#"{"op":"receive","queue":"jobs","keep":true,"lease":600}"#)
        fill(but: 100)
        other.close()
        passWithoutRoom()
        #expect(peer.send("stats jobs").contains(#""ready":0,"delayed":0,"leased":3"#))
        #expect(peer.send("stats").contains(#""connections":1,"#))
        // Who comes back meanwhile is refused what the others are, and goes on when there is space.
        let returned = engine.connect()
        #expect(returned.send("receive jobs").contains("not_durable"))
        spaceComes()
        #expect(peer.send("stats jobs").contains(#""ready":2,"delayed":0,"leased":1"#))
        let receipt = lease.split(separator: #""receipt":""#)[1].prefix { $0 != "\"" }
        #expect(returned.send(#"{"op":"delete","queue":"jobs","receipt":"\#(receipt)"}"#).contains(#""deleted":1"#))
        #expect(returned.send("receive jobs").contains(#""id":1,"#))
        #expect(engine.firstBrokenInvariant == nil)
    }

    @Test func leasesAreGivenBackAsFarAsThereIsRoom() {
        send("jobs") { $0 < 60 }
        let other = engine.connect()
        #expect(other.send(#"{"op":"receive","queue":"jobs","max":60}"#).contains(#""id":60,"#))
        fill(but: 700)
        other.close()
        #expect(peer.send("stats jobs").contains(#""leased":"#) && journal.room ?? 0 > 0)
        #expect(!peer.send("stats jobs").contains(#""ready":0,"#) && !peer.send("stats jobs").contains(#""ready":60,"#))
        passWithoutRoom()
        spaceComes()
        #expect(peer.send("stats jobs").contains(#""ready":60,"#))
    }

    @Test func temporaryQueuesGoLater() {
        let other = engine.connect()
        for name in ["mine", "its"] { other.send(#"{"op":"declare","queue":"\#(name)","temporary":true}"#) }
        other.send(#"{"op":"subscribe","queue":"mine"}"#)
        fill(but: 100)
        other.close()
        passWithoutRoom()
        #expect(peer.send("stats mine").contains(#""consumers":0"#))
        spaceComes()
        for name in ["mine", "its"] { #expect(peer.send("stats \(name)").contains("no_queue")) }
        #expect(peer.send("stats").contains(#""queues":0,"#))
    }

    /// It declares its queue before that has gone: then it stays.
    @Test func whoComesBackKeepsItsTemporaryQueue() {
        send("jobs") { $0 < 1 }
        let (first, second) = (engine.connect(), engine.connect())
        #expect(first.send("receive jobs").contains(#""id":1,"#))
        second.send(#"{"op":"declare","queue":"mine","temporary":true}"#)
        second.send("send mine hello")
        fill(but: 100)
        first.close()
        second.close()
        let returned = engine.connect()
        let declare = #"{"op":"declare","queue":"mine","temporary":true}"#
        #expect(returned.send(declare).contains("not_durable"))
        journal.room = nil
        peer.send("ping")
        #expect(returned.send(declare).contains(#""created":false"#))
        spaceComes()
        #expect(returned.send("receive mine").contains("hello"))
        returned.close()
        #expect(peer.send("stats mine").contains("no_queue"))
    }

    @Test func aStartDropsTemporaryQueuesLater() throws {
        peer.send(#"{"op":"declare","queue":"mine","temporary":true}"#)
        let broker = try journal.recover(BrokerSettings(), now: engine.now)
        journal.begin(broker)
        var full = JournalGauge()
        (full.condition, full.room) = (.full, 100)
        broker.heed(segment: 1, full)
        broker.dropTemporaryQueues()
        broker.advance(to: engine.now)
        #expect(broker.records.isEmpty)
        broker.heed(segment: 1, JournalGauge())
        broker.advance(to: engine.now)
        #expect(!broker.records.isEmpty)
    }

    @Test func theConfigurationDeclaresNothingNew() throws {
        var patch = QueueSettingsPatch()
        patch.maxAttempts = 3
        try engine.broker.declare(queue: "jobs", patch, now: engine.now)
        fill(but: 100)
        try engine.broker.declare(queue: "jobs", patch, now: engine.now)
        #expect(engine.broker.records.isEmpty, "nothing has changed")
        patch.maxAttempts = 4
        #expect(throws: Failure.self) { try engine.broker.declare(queue: "jobs", patch, now: engine.now) }
        #expect(engine.broker.records.isEmpty)
    }
}
