import Testing

@testable import MartletBroker

/// What needs a broker that is configured, shut down or not listened to.
@Suite struct LifeTests {
    // MARK: Draining

    @Test func aBrokerThatDrainsTakesNoNewWorkAndLetsTheOldBeSettled() {
        let engine = Engine()
        let worker = engine.connect()
        let waiting = engine.connect()
        worker.send("send q one")
        worker.send("receive q")
        waiting.send(#"{"op":"receive","queue":"q","wait":60,"tag":1}"#)
        engine.drain()
        #expect(waiting.take() == #"{"ok":true,"tag":1,"messages":[]}"#)
        for line in [
            "send q x", "receive q", #"{"op":"subscribe","queue":"q"}"#, "publish t x",
            #"{"op":"declare","queue":"r"}"#,
            #"{"op":"atomic","requests":[{"op":"send","queue":"q","body":1}]}"#, #"{"op":"redrive","queue":"q"}"#,
        ] {
            #expect(worker.send(line).hasPrefix(#"{"ok":false,"error":"draining""#), "\(line)")
        }
        #expect(worker.send("delete q 1") == #"{"ok":true,"deleted":1}"#)
        #expect(worker.send("ping").hasPrefix(#"{"ok":true"#))
        #expect(engine.firstBrokenInvariant == nil)
    }

    @Test func aBrokerThatDrainsPushesNothingMore() {
        let engine = Engine()
        let subscriber = engine.connect()
        subscriber.send(#"{"op":"subscribe","queue":"q","credit":1}"#)
        let other = engine.connect()
        other.send(#"{"op":"send","queue":"q","messages":[{"body":1},{"body":2}]}"#)
        _ = subscriber.take()
        engine.drain()
        #expect(subscriber.send("delete q 1") == #"{"ok":true,"deleted":1}"#)
        #expect(engine.firstBrokenInvariant == nil)
    }

    // MARK: Queues by configuration

    private static func settings(_ pattern: String, _ change: (inout QueueSettingsPatch) -> Void) -> BrokerSettings {
        var settings = BrokerSettings()
        var patch = QueueSettingsPatch()
        change(&patch)
        settings.queueDefaults = [BrokerSettings.QueueDefaults(pattern: Glob(pattern), patch: patch)]
        return settings
    }

    @Test func anAutoCreatedQueueThatIsEmptyAndUnusedGoesAway() {
        let engine = Engine(Self.settings("tmp.*") { $0.expireUnused = 10_000 })
        let peer = engine.connect()
        peer.send("send tmp.x one")
        engine.pass(60_000)
        #expect(peer.send("stats tmp.x").hasPrefix(#"{"ok":true"#), "it holds a message")
        peer.send("receive tmp.x")
        peer.send("delete tmp.x 1")
        engine.pass(9_999)
        #expect(peer.send("stats tmp.x").hasPrefix(#"{"ok":true"#), "stats is no use")
        engine.pass(1)
        #expect(peer.send("stats tmp.x").contains("no_queue"))
        peer.send(#"{"op":"receive","queue":"tmp.y","wait":30}"#)
        engine.pass(29_999)
        #expect(engine.connect().send("stats tmp.y").hasPrefix(#"{"ok":true"#), "someone waits")
        engine.pass(10_002)
        #expect(engine.connect().send("stats tmp.y").contains("no_queue"))
        #expect(engine.firstBrokenInvariant == nil)
    }

    @Test func theDefaultsThatMatchTheNameCount() {
        let engine = Engine(Self.settings("jobs.*") { $0.lease = 5_000 })
        let peer = engine.connect()
        peer.send("send jobs.a x")
        peer.send("receive jobs.a")
        engine.pass(5_000)
        #expect(peer.send("stats jobs.a").contains(#""ready":1"#))
        #expect(peer.send(#"{"op":"declare","queue":"jobs.b","ttl":9}"#).contains(#""lease":5,"#))
        #expect(peer.send(#"{"op":"declare","queue":"other"}"#).contains(#""lease":30,"#))
    }

    // MARK: Peers that do not read

    @Test func aPeerThatDoesNotReadGetsNoMoreDeliveries() {
        var settings = BrokerSettings()
        settings.limits.maxOutput = 4_096
        let engine = Engine(settings)
        let slow = engine.connect()
        slow.send(#"{"op":"subscribe","queue":"q","credit":10000,"auto_delete":true}"#)
        slow.isReading = false
        let producer = engine.connect()
        let body = String(repeating: "x", count: 500)
        for _ in 0..<50 { producer.send("send q \(body)") }
        #expect(slow.takeLines().count < 12)
        #expect(producer.send("explain q").contains("slow_consumer"))
        #expect(engine.firstBrokenInvariant == nil)
        #expect(producer.send("receive q").contains(body), "others are served meanwhile")
        slow.isReading = true
        engine.pass(1)
        #expect(slow.takeLines().count > 30, "it goes on where it stopped")
        #expect(producer.send("explain q").contains("all_leased"), "only the one that was received is left")
    }

    // MARK: Many messages

    @Test func aLongPurgeIsDoneInSlicesAndAnsweredAtItsEnd() {
        let engine = Engine()
        let peer = engine.connect()
        let batch = Array(repeating: #"{"body":1}"#, count: 10_000).joined(separator: ",")
        for _ in 0..<3 { peer.send(#"{"op":"send","queue":"q","messages":["# + batch + "]}") }
        peer.send(#"{"op":"purge","queue":"q","tag":"p"}"#)
        peer.send(#"{"op":"ping"}"#)
        let other = engine.connect()
        #expect(other.send("send q later") == #"{"ok":true,"id":30001}"#)
        engine.pass(1_000)
        let lines = peer.takeLines()
        #expect(lines.first == #"{"ok":true,"tag":"p","purged":30000}"# || lines.isEmpty)
        #expect(other.send("stats q").contains(#""ready":1,"#), "what came after the purge was asked for stays")
        #expect(engine.firstBrokenInvariant == nil)
    }

    @Test func aDroppedQueueThatIsBeingFreedIsGoneForEveryone() {
        let engine = Engine()
        let peer = engine.connect()
        let batch = Array(repeating: #"{"body":1}"#, count: 10_000).joined(separator: ",")
        for _ in 0..<2 { peer.send(#"{"op":"send","queue":"q","messages":["# + batch + "]}") }
        #expect(peer.send(#"{"op":"drop","queue":"q","force":true}"#) == #"{"ok":true}"#)
        #expect(peer.send("stats q").contains("no_queue"))
        #expect(peer.send("send q new") == #"{"ok":true,"id":1}"#)
        #expect(engine.firstBrokenInvariant == nil)
        engine.pass(1_000)
        #expect(peer.send("stats q").contains(#""ready":1,"#))
        #expect(engine.firstBrokenInvariant == nil)
    }
}
