import Foundation
import Testing

/// What must happen exactly once, with kills around it.
struct OnceTests {
    private let folder: JournalFolder

    init() throws { folder = try JournalFolder() }

    /// The messages of a queue, in every state.
    private func bodies(_ queue: String, _ telnet: Telnet) throws -> [String] {
        try ["ready", "delayed", "leased", "dead"].flatMap { state in
            try telnet.say(#"{"op":"peek","queue":"\#(queue)","state":"\#(state)","max":1000}"#)
                .split(separator: #""body":""#).dropFirst().map { String($0.prefix { $0 != "\"" }) }
        }
    }

    @Test func expiredMessagesDieOnce() throws {
        var (daemon, port) = try folder.start()
        var telnet = try Telnet(port: port)
        let settings = #""ttl":0.3,"on_expire":"dead","dead_letter":"graveyard""#
        #expect(try telnet.say(#"{"op":"declare","queue":"jobs",\#(settings)}"#).contains("ok"))
        #expect(try telnet.say(#"{"op":"declare","queue":"graveyard"}"#).contains("ok"))
        let sent = (1...100).map { "m\($0)" }
        for body in sent { #expect(try telnet.say("send jobs \(body)").contains("ok")) }
        // Killed again and again while they expire.
        let deadline = ContinuousClock.now + .seconds(20)
        repeat {
            (daemon, port) = try folder.restart(daemon)
            telnet = try Telnet(port: port)
            // Between the two looks some go from the one to the other.
            #expect(try Set(bodies("jobs", telnet) + bodies("graveyard", telnet)) == Set(sent))
            try #require(ContinuousClock.now < deadline)
        } while try bodies("graveyard", telnet).count < sent.count
        (daemon, port) = try folder.restart(daemon)
        #expect(try bodies("graveyard", Telnet(port: port)).sorted() == sent.sorted())
        withExtendedLifetime(daemon) {}
    }

    @Test func messagesOutOfAttemptsDieOnce() throws {
        var (daemon, port) = try folder.start()
        var telnet = try Telnet(port: port)
        let settings = #""max_attempts":3,"dead_letter":"graveyard""#
        #expect(try telnet.say(#"{"op":"declare","queue":"jobs",\#(settings)}"#).contains("ok"))
        #expect(try telnet.say(#"{"op":"declare","queue":"graveyard"}"#).contains("ok"))
        let sent = (1...30).map { "m\($0)" }
        for body in sent { #expect(try telnet.say("send jobs \(body)").contains("ok")) }
        for attempt in 1...3 {
            let received = try telnet.say(#"{"op":"receive","queue":"jobs","max":100}"#)
            #expect(received.split(separator: #""attempt":\#(attempt),"#).count == sent.count + 1)
            // Half of them come back one by one, and the daemon is killed amid.
            for id in 1...15 { telnet.mutter("release jobs \(id)\n") }
            (daemon, port) = try folder.restart(daemon, ["MARTLET_LEASE_GRACE": "0"])
            telnet = try Telnet(port: port)
            let all = try bodies("jobs", telnet) + bodies("graveyard", telnet)
            #expect(all.sorted() == sent.sorted())
        }
        #expect(try telnet.say(#"{"op":"receive","queue":"jobs","max":100}"#) == #"{"ok":true,"messages":[]}"#)
        #expect(try bodies("graveyard", telnet).sorted() == sent.sorted())
        withExtendedLifetime(daemon) {}
    }

    @Test func aKeyIsKnownAfterARestart() throws {
        var (daemon, port) = try folder.start()
        var telnet = try Telnet(port: port)
        func send(_ body: String, _ key: String) throws -> String {
            try telnet.say(#"{"op":"send","queue":"jobs","body":"\#(body)","dedup":"\#(key)"}"#)
        }
        #expect(try send("first", "a") == #"{"ok":true,"id":1}"#)
        #expect(try send("gone", "b") == #"{"ok":true,"id":2}"#)
        #expect(try telnet.say(#"{"op":"delete","queue":"jobs","id":2,"force":true}"#).contains("ok"))
        for _ in 0..<3 {
            (daemon, port) = try folder.restart(daemon)
            telnet = try Telnet(port: port)
            #expect(try send("again", "a") == #"{"ok":true,"id":1,"duplicate":true,"state":"ready"}"#)
            #expect(try send("again", "b") == #"{"ok":true,"id":2,"duplicate":true,"state":"gone"}"#)
        }
        // A purge takes the messages and leaves the keys.
        #expect(try telnet.say("purge jobs").contains(#""purged":1"#))
        (daemon, port) = try folder.restart(daemon)
        telnet = try Telnet(port: port)
        #expect(try send("again", "a") == #"{"ok":true,"id":1,"duplicate":true,"state":"gone"}"#)
        // Out of the window it is a new message.
        #expect(try telnet.say(#"{"op":"declare","queue":"jobs","dedup_window":0}"#).contains("ok"))
        (daemon, port) = try folder.restart(daemon)
        telnet = try Telnet(port: port)
        #expect(try send("anew", "a") == #"{"ok":true,"id":3}"#)
        withExtendedLifetime(daemon) {}
    }
}
