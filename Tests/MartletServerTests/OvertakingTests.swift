import Testing

@testable import MartletServer

/// What leaves while the journal is slow: all that has nothing to wait for.
struct OvertakingTests {
    private let journal = FailingJournal()

    @Test(arguments: ["ping", #"{"op":"hello"}"#, "help"])
    func whatTheBrokerSaysOfItselfWaitsForNoSync(_ line: String) throws {
        let running = try RunningServer.started(journal: journal)
        let (producer, other) = (try running.connect(), try running.connect())
        try sendUnkept(producer, running)
        try other.send(line + "\n")
        #expect(try other.lines(1)[0].contains(#""ok":true"#))
        journal.keep()
        #expect(try producer.lines(1)[0].contains(#""ok":true"#))
    }

    @Test func whatIsDurableIsHandedOverMeanwhile() throws {
        let running = try RunningServer.started(journal: journal)
        let (producer, consumer) = (try running.connect(), try running.connect())
        try producer.send("send jobs kept\n")
        #expect(try producer.lines(1)[0].contains(#""ok":true"#))
        try sendUnkept(producer, running)
        try consumer.send("receive jobs\n")
        #expect(try consumer.lines(1)[0].contains("kept"))
        #expect(!producer.hasInput)
        journal.keep()
        #expect(try producer.lines(1)[0].contains(#""ok":true"#))
    }

    /// The replies of a connection keep the order of its requests.
    @Test func aPingBehindASendWaitsForIt() throws {
        let running = try RunningServer.started(journal: journal)
        let (producer, other) = (try running.connect(), try running.connect())
        journal.hold()
        try producer.send("send jobs unkept\nping\n")
        try eventually("it is sent") { running.server.enter { $0.account.contains { $0.contains(", sent ") } } }
        try other.send("ping\n")
        #expect(try other.lines(1)[0].contains("now"))
        #expect(!producer.hasInput)
        journal.keep()
        let replies = try producer.lines(2)
        #expect(replies[0].contains(#""id""#) && replies[1].contains(#""now""#))
    }

    /// Sends a message whose reply waits for the journal.
    private func sendUnkept(_ producer: Peer, _ running: RunningServer) throws {
        journal.hold()
        try producer.send("send other unkept\n")
        try eventually("it is sent") { running.server.enter { $0.account.contains { $0.contains("other") } } }
        #expect(!producer.hasInput)
    }
}
