import Foundation
import Testing

/// Much coming and going, which must leave nothing behind.
struct ChurnTests {
    private static let segment = 64 << 10
    private let folder: JournalFolder

    init() throws { folder = try JournalFolder() }

    /// Cycles, a million in the longer mode.
    private static let cycles = Int(ProcessInfo.processInfo.environment["MARTLET_CHURN"] ?? "") ?? 30_000

    @Test func oneOldMessageDoesNotPinWhatComesAfterIt() throws {
        let (daemon, port) = try folder.start()
        let telnet = try Telnet(port: port)
        #expect(try telnet.say("send old hello").contains("ok"))
        let body = String(repeating: "z", count: 100)
        let live = 4_000
        var (largest, id) = (0, 0)
        let messages = Array(repeating: #"{"body":"\#(body)"}"#, count: live / 4).joined(separator: ",")
        for _ in 0..<4 {
            #expect(try telnet.say(#"{"op":"send","queue":"jobs","messages":[\#(messages)]}"#).contains("ok"))
        }
        while id < Self.cycles {
            var lines = ""
            for _ in 0..<100 {
                id += 1
                lines += #"{"op":"send","queue":"jobs","body":"\#(body)"}"# + "\n"
                lines += #"{"op":"receive","queue":"jobs"}"# + "\n" + "delete jobs \(id)\n"
            }
            telnet.mutter(lines)
            for _ in 0..<300 { #expect(telnet.hear()?.hasPrefix(#"{"ok":true"#) == true) }
            largest = max(largest, try folder.size)
        }
        // Stated anew, a message takes its 102 bytes and 57 more.
        let bound = live * (102 + 57) * 5 / 2 + 2 * Self.segment
        print("\(id) cycles with \(live) messages there: \(largest) bytes on the disk at most, the bound is \(bound)")
        #expect(largest <= bound)
        let again = try folder.restart(daemon)
        #expect(try Telnet(port: again.port).say("receive old").contains("hello"))
        #expect(try Telnet(port: again.port).say("stats jobs").contains(#""ready":\#(live),"#))
    }

    @Test func consumersThatComeAndGoLeaveNothing() throws {
        let (daemon, port) = try folder.start()
        #expect(try Telnet(port: port).say("send other hello").contains("ok"))
        func bytes() throws -> String {
            let answer = try Telnet(port: port).say("stats")
            return String(answer.split(separator: #""journal":"#).last ?? "")
        }
        let before = try bytes()
        for number in 0..<1_000 {
            let telnet = try Telnet(port: port)
            telnet.mutter(number % 2 == 0 ? "receive jobs 10\n" : #"{"op":"subscribe","queue":"jobs"}"# + "\n")
            if number % 3 == 0 { telnet.willHangUp() }
        }
        #expect(try Telnet(port: port).say("ping").contains("ok"))
        let after = try bytes()
        print("1,000 consumers: \(before) before, \(after) after")
        withExtendedLifetime(daemon) {}
    }

    @Test func reloadsUnderLoadHarmNobody() throws {
        let (daemon, port) = try folder.start()
        let telnet = try Telnet(port: port)
        var answered = 0
        for round in 0..<100 {
            daemon.send(signal: SIGHUP)
            telnet.mutter(String(repeating: "send jobs \(round)\n", count: 10))
            for _ in 0..<10 where telnet.hear()?.hasPrefix(#"{"ok":true"#) == true { answered += 1 }
        }
        #expect(answered == 1_000)
        let again = try folder.restart(daemon)
        #expect(try Telnet(port: again.port).say("stats jobs").contains(#""ready":1000,"#))
    }
}
