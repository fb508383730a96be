import MartletBroker
import Testing

/// What a repair has lost, as the next start finds it.
@Suite struct ReplayLossesTests {
    private let journal = ScriptedJournal(segmentSize: 1 << 20)

    /// What is lost of a journal in which these entries cannot be read, by their order.
    private func losses(of unreadable: Set<Int>, _ lines: [String]) throws -> ReplayLosses {
        let engine = Engine(journal: journal)
        let peer = engine.connect()
        for line in lines { #expect(peer.send(line).contains(#""ok":true"#)) }
        let broker = Broker(settings: BrokerSettings(), loops: 1, incarnation: 8, now: engine.now)
        broker.beginReplay(firstSegment: 1)
        for (index, entry) in journal.entries.enumerated() where !unreadable.contains(index) {
            try entry.withUnsafeBytes { try broker.replay($0, segment: 1) }
        }
        return broker.endReplay(now: engine.now, grace: 0)
    }

    @Test func aQueueWhoseNameIsLostIsNotCountedAmongWhatIsLeftOut() throws {
        let found = try losses(of: [0], [#"{"op":"declare","queue":"jobs"}"#, "send jobs a", "send jobs b"])
        #expect(found == ReplayLosses(misfits: 0, renamedQueues: ["recovered.1"]))
    }

    @Test func nothingIsLostOfAJournalThatIsWhole() throws {
        #expect(try losses(of: [], [#"{"op":"declare","queue":"jobs"}"#, "send jobs a", "receive jobs"]).isEmpty)
    }
}
