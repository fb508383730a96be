import Foundation
import Testing

/// A disk that fails under the running daemon.
@Suite(.enabled(if: BadDisk.canBePlayed, "there is no C compiler for the library that plays a bad disk"))
struct FailedJournalTests {
    private let folder: JournalFolder
    private let disk: BadDisk

    init() throws {
        folder = try JournalFolder()
        disk = try BadDisk()
    }

    @Test(arguments: ["sync", "write"], [EIO, EROFS])
    func whatWasNotDurableIsTakenBack(_ failing: String, _ error: Int32) throws {
        var (daemon, port) = try folder.start(disk.environment)
        let telnet = try Telnet(port: port)
        #expect(try telnet.say("send jobs kept") == #"{"ok":true,"id":1}"#)
        if failing == "sync" { disk.failNextSync(error) } else { disk.failNextWrite(error) }
        #expect(try telnet.say(#"{"op":"send","tag":7,"queue":"jobs","body":"lost"}"#).contains("not_durable"))
        let words = try daemon.waitForLog("the journal has failed")
        #expect(words.hasPrefix("critical: "))
        #expect(words.contains(error == EIO ? "Input/output error" : "Read-only file system"), "\(words)")
        // Nothing changes any more, and what can be looked at is.
        for refused in ["send jobs again", "delete jobs 1", "purge jobs"] {
            #expect(try telnet.say(refused).contains(#""error":"not_durable""#))
        }
        #expect(try telnet.say("stats").contains(#""condition":"failed""#))
        #expect(try telnet.say("peek jobs").contains("kept"))
        #expect(try telnet.say("receive jobs").contains("kept"))
        #expect(try telnet.say("receive jobs") == #"{"ok":true,"messages":[]}"#)
        // The next run has what was acknowledged; the other message may be there, whole.
        (daemon, port) = try folder.restart(daemon)
        let rest = try Telnet(port: port).say(#"{"op":"peek","queue":"jobs","max":10}"#)
        #expect(rest.contains("kept"))
        withExtendedLifetime(daemon) {}
    }

    /// With `sync: {every: …}` a reply does not wait for the sync that fails.
    @Test func whatTheFailureMayHaveCostIsSaid() throws {
        let (daemon, port) = try folder.start(disk.environment.merging(["MARTLET_SYNC": "0.05"]) { $1 })
        disk.failNextSync()
        // Whether this one is told depends on which sync comes first.
        _ = try Telnet(port: port).say("send jobs doubtful")
        let words = try daemon.waitForLog("the journal has failed")
        #expect(words.contains("what was acknowledged since the last sync (one every 0.05 s) may be lost"), "\(words)")
    }

    @Test(arguments: [1, 7, 500])
    func aShortWriteIsContinued(_ most: Int) throws {
        var (daemon, port) = try folder.start(disk.environment)
        var telnet = try Telnet(port: port)
        let writes = disk.writes
        disk.shortenWrites(to: most)
        let bodies = (0..<100).map { "\($0) " + String(repeating: "z", count: $0 * 29 % 997) }
        for body in bodies { #expect(try telnet.say("send jobs \(body)").contains("ok")) }
        #expect(disk.writes - writes > 50_000 / most)
        disk.shortenWrites(to: 0)
        (daemon, port) = try folder.restart(daemon)
        telnet = try Telnet(port: port)
        for body in bodies { #expect(try telnet.say("receive jobs").contains("\"body\":\"\(body)\"")) }
        withExtendedLifetime(daemon) {}
    }

    @Test func everybodyWhoWaitedIsTold() throws {
        let (daemon, port) = try folder.start(disk.environment)
        let telnet = try Telnet(port: port)
        #expect(try telnet.say("send jobs kept").contains("ok"))
        disk.holdSyncs(true)
        disk.failNextSync()
        let producers = try (0..<5).map { _ in try Telnet(port: port) }
        for producer in producers { producer.mutter("send jobs lost\nping\nsend jobs lost\n") }
        disk.holdSyncs(false)
        for producer in producers {
            #expect(producer.hear()?.contains("not_durable") == true)
            _ = producer.hear()
            #expect(producer.hear()?.contains("not_durable") == true)
        }
        #expect(try telnet.say("stats jobs").contains(#""ready":1,"#))
        withExtendedLifetime(daemon) {}
    }

    @Test func theDaemonEndsWithItIfItIsToldTo() throws {
        let environment = disk.environment.merging(["MARTLET_ON_JOURNAL_FAILURE": "exit"]) { $1 }
        let (daemon, port) = try folder.start(environment)
        let telnet = try Telnet(port: port)
        #expect(try telnet.say("send jobs kept").contains("ok"))
        disk.failNextSync()
        #expect(try telnet.say("send jobs lost").contains("not_durable"))
        let end = try daemon.finish()
        #expect(end.status == 74)
        #expect(end.errors.contains("critical: the journal has failed: fdatasync"))
    }

    @Test func noConsumerSeesWhatIsNotSynced() throws {
        let (daemon, port) = try folder.start(disk.environment)
        let (producer, consumer) = (try Telnet(port: port), try Telnet(port: port))
        #expect(try producer.say(#"{"op":"declare","queue":"jobs"}"#).contains("ok"))
        consumer.mutter("receive jobs 20\n")
        #expect(try producer.say("ping").contains("now"))
        disk.holdSyncs(true)
        producer.mutter("send jobs early\n")
        #expect(consumer.saysNothing(for: 300))
        #expect(producer.saysNothing(for: 0))
        disk.holdSyncs(false)
        #expect(consumer.hear()?.contains("early") == true)
        #expect(producer.hear() == #"{"ok":true,"id":1}"#)
        withExtendedLifetime(daemon) {}
    }

    @Test func aMessageThatNobodyMaySeeYetIsLostWithTheProcess() throws {
        var (daemon, port) = try folder.start(disk.environment)
        let (producer, consumer) = (try Telnet(port: port), try Telnet(port: port))
        #expect(try producer.say("send jobs first").contains("ok"))
        #expect(try producer.say("receive jobs").contains("first"))
        consumer.mutter("receive jobs 20\n")
        disk.holdSyncs(true)
        producer.mutter("send jobs early\n")
        #expect(consumer.saysNothing(for: 100))
        daemon.send(signal: SIGKILL)
        #expect(consumer.hear() == nil)
        disk.holdSyncs(false)
        (daemon, port) = try folder.restart(daemon)
        // It was written, so it may be there; whoever gets it is the first to see it.
        let answer = try Telnet(port: port).say("receive jobs")
        #expect(answer.contains(#""messages":[]"#) || answer.contains(#""attempt":1"#) || answer.contains("first"))
        withExtendedLifetime(daemon) {}
    }

    /// As on a full disk: the daemon starts, and goes on by itself when there is space.
    @Test func aStartWhoseSyncFindsNoSpaceIsNotRefused() throws {
        var (daemon, port) = try folder.start(disk.environment)
        #expect(try Telnet(port: port).say("send jobs kept").contains("ok"))
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
        disk.starveSyncs(true)
        (daemon, port) = try folder.start(disk.environment)
        let telnet = try Telnet(port: port)
        for refused in ["send jobs more", "receive jobs", "delete jobs 1"] {
            #expect(try telnet.say(refused).contains(#""error":"not_durable""#))
        }
        #expect(try telnet.say("peek jobs").contains("kept"))
        disk.starveSyncs(false)
        _ = try daemon.waitForLog("has space again")
        #expect(try telnet.say("receive jobs").contains("kept"))
        #expect(try telnet.say("send jobs more").contains(#""id":2"#))
        withExtendedLifetime(daemon) {}
    }
}
