import Foundation
import Testing

/// A wall clock that is set, between runs and under the running daemon.
@Suite(.enabled(if: BadDisk.canBePlayed, "there is no C compiler for the library that sets the clock"))
struct ClockTests {
    private static let day = 86_400
    private let folder: JournalFolder
    private let clock: BadDisk

    init() throws {
        folder = try JournalFolder()
        clock = try BadDisk()
    }

    private func prepare(_ telnet: Telnet) throws {
        #expect(try telnet.say(#"{"op":"send","queue":"jobs","body":"ready"}"#).contains("ok"))
        #expect(try telnet.say(#"{"op":"send","queue":"jobs","body":"delayed","delay":60}"#).contains("ok"))
        #expect(try telnet.say(#"{"op":"send","queue":"held","body":"leased"}"#).contains("ok"))
        let lease = #"{"op":"receive","queue":"held","lease":3600,"keep":true}"#
        #expect(try telnet.say(lease).contains("leased"))
    }

    private func figures(_ queue: String, _ telnet: Telnet) throws -> String {
        let answer = try telnet.say("stats \(queue)")
        return ["ready", "delayed", "leased", "dead"]
            .map { name in
                let rest = answer.split(separator: "\"\(name)\":").dropFirst().first ?? ""
                return String(rest.prefix { $0.isNumber })
            }.joined(separator: " ")
    }

    @Test(arguments: [day, -day])
    func setUnderTheRunningDaemon(_ seconds: Int) throws {
        let (daemon, port) = try folder.start(clock.environment)
        let telnet = try Telnet(port: port)
        try prepare(telnet)
        clock.setClock(seconds: seconds)
        #expect(try telnet.say("ping").contains("now"))
        // Leases and delays go by the time that passes.
        #expect(try figures("jobs", telnet) == "1 1 0 0")
        #expect(try figures("held", telnet) == "0 0 1 0")
        #expect(try telnet.say("send jobs hello").contains(#""id":3"#))
        withExtendedLifetime(daemon) {}
    }

    @Test func turnedBackBetweenRuns() throws {
        var (daemon, port) = try folder.start(clock.environment)
        try prepare(Telnet(port: port))
        clock.setClock(seconds: -Self.day)
        (daemon, port) = try folder.restart(daemon, clock.environment)
        let telnet = try Telnet(port: port)
        #expect(try figures("jobs", telnet) == "1 1 0 0")
        #expect(try figures("held", telnet) == "0 0 1 0")
        #expect(try telnet.say("receive jobs").contains("ready"))
        // And it goes on from there, with the clock still behind.
        #expect(try telnet.say("delete jobs 1").contains(#""deleted":1"#))
        (daemon, port) = try folder.restart(daemon, clock.environment)
        #expect(try figures("jobs", Telnet(port: port)) == "0 1 0 0")
        withExtendedLifetime(daemon) {}
    }

    /// The clock is ahead for a while and set right under the running daemon, whether something is sent after that or
    /// not: nothing is over at the next start that was not over before.
    @Test(arguments: [true, false])
    func aheadForAWhile(isSentAfterwards: Bool) throws {
        clock.setClock(seconds: Self.day)
        var (daemon, port) = try folder.start(clock.environment)
        var telnet = try Telnet(port: port)
        try prepare(telnet)
        clock.setClock(seconds: 0)
        #expect(try telnet.say("ping").contains("now"))
        if isSentAfterwards {
            let lines = [
                #"{"op":"send","queue":"short","body":1,"ttl":600}"#,
                #"{"op":"send","queue":"later","body":1,"delay":600}"#,
                #"{"op":"send","queue":"once","body":1,"dedup":"key"}"#,
            ]
            for line in lines { #expect(try telnet.say(line).contains(#""id":1"#)) }
        }
        (daemon, port) = try folder.restart(daemon, clock.environment)
        telnet = try Telnet(port: port)
        #expect(try figures("jobs", telnet) == "1 1 0 0")
        #expect(try figures("held", telnet) == "0 0 1 0")
        if isSentAfterwards {
            #expect(try figures("short", telnet) == "1 0 0 0")
            #expect(try figures("later", telnet) == "0 1 0 0")
            #expect(try telnet.say(#"{"op":"send","queue":"once","body":1,"dedup":"key"}"#).contains("duplicate"))
        }
        withExtendedLifetime(daemon) {}
    }

    @Test func setForwardBetweenRuns() throws {
        var (daemon, port) = try folder.start(clock.environment)
        try prepare(Telnet(port: port))
        clock.setClock(seconds: Self.day)
        (daemon, port) = try folder.restart(daemon, clock.environment)
        let telnet = try Telnet(port: port)
        // For all it knows, a day has passed: what was due by then is there, and nothing is lost.
        #expect(try telnet.say(#"{"op":"receive","queue":"jobs","max":10,"wait":5}"#).contains("ready"))
        #expect(try telnet.say(#"{"op":"receive","queue":"held","wait":5}"#).contains(#""attempt":2"#))
        withExtendedLifetime(daemon) {}
    }
}
