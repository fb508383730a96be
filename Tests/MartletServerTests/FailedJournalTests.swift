import MartletBroker
import MartletProtocol
import Testing

@testable import MartletServer

/// What was said and not yet heard when the journal fails.
struct FailedJournalTests {
    /// Output of one loop that was said in a turn of another one, before the failure, waits for what it promised; what
    /// is said afterwards waits for nothing.
    @Test(arguments: [0, 1])
    func whatAnotherLoopHasToSayIsStillUnkept(_ first: Int) {
        let journal = FailingJournal()
        let broker = Broker(settings: BrokerSettings(), loops: 2, incarnation: 1, now: Clock.now())
        broker.beginRecording(in: journal.segment, segmentSize: 1 << 20)
        let core = Core(broker, journal)
        #expect(turn(1, "receive jobs 20", core).said.isEmpty)
        journal.hold()
        let sent = turn(0, "send jobs early", core)
        #expect(sent.said.contains(#""id":1"#) && !sent.release.isDue(journal))
        journal.fail()
        if first == 0 { #expect(turn(0, "ping", core).release.isDue(journal)) }
        // The delivery was there before, and must not leave as if it were kept.
        let delivered = turn(1, nil, core)
        #expect(delivered.said.contains("early"))
        #expect(delivered.release.durable == sent.release.durable && !delivered.release.isDue(journal))
        #expect(turn(1, "ping", core).release.isDue(journal))
    }

    /// A turn of a loop, in which a new connection may say a line.
    private func turn(_ loop: Int, _ line: String?, _ core: Core) -> (said: String, release: Release) {
        var outbox = Outbox()
        let outcome = core.enter(loop: loop) { broker in
            if let line { say(line, loop, broker) }
            broker.swapOutbox(ofLoop: loop, with: &outbox)
            return outbox.runsThatWait
        }
        return (String(decoding: outbox.bytes.bytes, as: UTF8.self), outcome.release)
    }

    private func say(_ line: String, _ loop: Int, _ broker: Broker) {
        let now = Clock.now()
        let session = broker.openSession(loop: loop, connection: UInt64(loop) + 1, now: now)
        let batch = RequestBatch()
        Array(line.utf8).withUnsafeBytes {
            batch.parse($0, limits: broker.settings.limits)
            broker.handle(batch, 0, from: session, now: now)
        }
    }

    /// What is left out because it was not kept is not owed any more: a peer that was owed too much is served again.
    @Test func whoWasOwedWhatIsNotSaidIsServedAgain() throws {
        let journal = FailingJournal()
        let running = try RunningServer.started(journal: journal) { $0.limits.maxOutput = 16 << 10 }
        let (subscriber, producer) = (try running.connect(), try running.connect())
        try subscriber.send(#"{"op":"subscribe","queue":"jobs","credit":1000}"# + "\n")
        #expect(try subscriber.lines(1)[0].contains(#""ok":true"#))
        journal.hold()
        let body = String(repeating: "x", count: 1_000)
        for number in 0..<40 { try producer.send("send jobs \(number) \(body)\n") }
        try eventually("all are sent") {
            running.server.enter { $0.account.count { $0.contains(", sent ") } } == 40
        }
        journal.fail()
        for reply in try producer.lines(40) {
            #expect(reply.contains("not_durable") && reply.contains("may be there or not after a restart"))
        }
        try subscriber.send("ping\n")
        #expect(try subscriber.lines(1)[0].contains("now"))
    }
}
