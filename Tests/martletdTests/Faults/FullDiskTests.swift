import Foundation
import Testing

/// A disk that runs full under the running daemon.
@Suite(.enabled(if: SmallDisk.canBeMounted, "no file system can be mounted here (root can)"))
struct FullDiskTests {
    private static let body = String(repeating: "x", count: 1_000)

    /// Sends until it is refused; the ids that were given.
    private func fill(_ telnet: Telnet) throws -> (count: Int, refusal: String) {
        var count = 0
        while true {
            let answer = try telnet.say("send jobs \(count) \(Self.body)")
            guard answer.contains(#""ok":true"#) else { return (count, answer) }
            count += 1
            try #require(count < 10_000, "the disk never gets full")
        }
    }

    @Test func sendsAreRefusedAndTheRestGoesOn() throws {
        let disk = try SmallDisk(kilobytes: 1_024)
        let folder = JournalFolder(path: disk.path + "/data")
        var (daemon, port) = try folder.start()
        var telnet = try Telnet(port: port)
        let (count, refusal) = try fill(telnet)
        #expect(count > 100)
        #expect(refusal.contains(#""error":"not_durable""#))
        let said = try daemon.waitForLog("no space for anything new")
        #expect(said.hasPrefix("error: "))
        let (place, cause) = ("another segment of 64KiB in \(folder.path)/journal", "No space left on device")
        #expect(said.contains(place) && said.contains(cause), "\(said)")
        #expect(try telnet.say("stats").contains(#""condition":"full""#))
        // Whatever is asked together is refused together.
        let batch = #"{"op":"send","queue":"jobs","messages":[{"body":1},{"body":2}]}"#
        #expect(try telnet.say(batch).contains("not_durable"))
        #expect(try telnet.say("stats jobs").contains(#""ready":\#(count),"#))
        for id in 1...20 {
            #expect(try telnet.say("receive jobs").contains(#""id":\#(id),"#))
            #expect(try telnet.say("delete jobs \(id)") == #"{"ok":true,"deleted":1}"#)
        }
        // It comes back as it was, and with a little more space goes on.
        try #require(disk.resize(kilobytes: 1_152))
        (daemon, port) = try folder.restart(daemon)
        telnet = try Telnet(port: port)
        #expect(try telnet.say("stats jobs").contains(#""ready":\#(count - 20),"#))
        for id in 21...count {
            #expect(try telnet.say("receive jobs").contains(#""id":\#(id),"#))
            #expect(try telnet.say("delete jobs \(id)") == #"{"ok":true,"deleted":1}"#)
        }
        try waitUntilTaken(telnet)
        withExtendedLifetime(daemon) {}
    }

    /// There is no space for a segment of the next run: it goes on in the last one, where there is some for deletes.
    @Test func afterRestartsOnAFullDiskDeletesGoOn() throws {
        let disk = try SmallDisk(kilobytes: 512)
        let folder = JournalFolder(path: disk.path + "/data")
        var (daemon, port) = try folder.start()
        let (count, _) = try fill(Telnet(port: port))
        let segments = try folder.segments
        for id in 1...20 {
            (daemon, port) = try folder.restart(daemon)
            let telnet = try Telnet(port: port)
            #expect(try telnet.say("stats jobs").contains(#""ready":\#(count - id + 1),"#))
            #expect(try telnet.say("send jobs \(Self.body)").contains("not_durable"))
            #expect(try telnet.say("receive jobs").contains(#""id":\#(id),"#))
            #expect(try telnet.say("delete jobs \(id)") == #"{"ok":true,"deleted":1}"#)
            #expect(try folder.segments == segments)
        }
        // Nobody makes space but whoever deletes.
        let telnet = try Telnet(port: port)
        #expect(try telnet.say("purge jobs").contains(#""purged":\#(count - 20)"#))
        try waitUntilTaken(telnet)
        withExtendedLifetime(daemon) {}
    }

    /// What is small takes about as much to settle as it took to send: what is set aside is enough for that, too.
    @Test(arguments: [100, 400])
    func allThatIsThereCanBeTakenOneByOne(bytes: Int) throws {
        let disk = try SmallDisk(kilobytes: 640)
        let folder = JournalFolder(path: disk.path + "/data")
        let (daemon, port) = try folder.start()
        let telnet = try Telnet(port: port)
        let body = String(repeating: "x", count: bytes)
        var count = 0
        while true {
            let bodies = Array(repeating: "{\"body\":\"\(body)\"}", count: 10).joined(separator: ",")
            let sent = try telnet.say(#"{"op":"send","queue":"jobs","messages":[\#(bodies)]}"#)
            guard sent.contains(#""ok":true"#) else { break }
            count += 10
        }
        _ = try daemon.waitForLog("no space for anything new")
        for id in 1...count {
            let received = try telnet.say("receive jobs")
            let deleted = try telnet.say("delete jobs \(id)")
            try #require(received.contains(#""id":\#(id),"#) && deleted == #"{"ok":true,"deleted":1}"#, "of \(count)")
        }
        try waitUntilTaken(telnet)
    }

    /// A batch that the disk cannot take is refused, and nobody waits for it.
    @Test func aBatchThatDoesNotFitIsRefused() throws {
        let disk = try SmallDisk(kilobytes: 1_024)
        let folder = JournalFolder(path: disk.path + "/data")
        let (daemon, port) = try folder.start()
        let (telnet, other) = (try Telnet(port: port), try Telnet(port: port))
        for id in 1...200 { #expect(try telnet.say("send jobs \(Self.body)").contains(#""id":\#(id)"#)) }
        let bodies = Array(repeating: "{\"body\":\"\(Self.body)\"}", count: 900).joined(separator: ",")
        let refused = try telnet.say(#"{"op":"send","queue":"jobs","messages":[\#(bodies)]}"#)
        #expect(refused.contains("not_durable") && refused.contains("so much at once"))
        #expect(try other.say("receive jobs").contains(#""id":1,"#))
        #expect(try telnet.say("send jobs \(Self.body)").contains(#""id":201"#))
        withExtendedLifetime(daemon) {}
    }

    /// Changes something again and again until what is set aside for deletes is used up; how often that was.
    private func useUp(_ telnet: Telnet) throws -> Int {
        var count = 0
        while try telnet.say(#"{"op":"pause","queue":"jobs","direction":"send"}"#).contains(#""ok":true"#) {
            count += 1
            try #require(count < 10_000, "what is set aside is never used up")
        }
        return count
    }

    /// What it had leased cannot be given back yet: nobody waits for that.
    @Test func aConnectionThatClosesWithoutAnyRoomHoldsNobodyUp() throws {
        let disk = try SmallDisk(kilobytes: 512)
        let folder = JournalFolder(path: disk.path + "/data")
        let (daemon, port) = try folder.start()
        let telnet = try Telnet(port: port)
        _ = try fill(telnet)
        var consumer: Telnet? = try Telnet(port: port)
        #expect(try consumer?.say("receive jobs").contains(#""id":1,"#) == true)
        _ = try useUp(telnet)
        consumer = nil
        while try !telnet.say("stats").contains(#""connections":1,"#) {
            // That it has closed is told to nobody; each question must be answered.
            usleep(20_000)
        }
        #expect(try telnet.say("stats jobs").contains(#""leased":1,"#))
        try #require(disk.resize(kilobytes: 1_024))
        _ = try daemon.waitForLog("has space again")
        let again = try telnet.say("receive jobs")
        #expect(again.contains(#""id":1,"#) && again.contains(#""attempt":2,"#))
        withExtendedLifetime(daemon) {}
    }

    /// Somebody else has filled the disk, and what was set aside for deletes is used up.
    @Test func withoutAnyRoomAClearAnswerComesUntilThereIsSpace() throws {
        let disk = try SmallDisk(kilobytes: 512)
        let folder = JournalFolder(path: disk.path + "/data")
        var (daemon, port) = try folder.start()
        var telnet = try Telnet(port: port)
        let (count, _) = try fill(telnet)
        #expect(try useUp(telnet) > 20)
        _ = try daemon.waitForLog("no space for anything, not even for deletes")
        for _ in 0..<2 {
            // Once with the daemon that has filled it, once after a restart.
            #expect(try telnet.say("stats jobs").contains(#""ready":\#(count),"#))
            #expect(try telnet.say("purge jobs").contains("not_durable"))
            #expect(try telnet.say("receive jobs").contains("not_durable"))
            #expect(try telnet.say("peek jobs").contains(#""state":"ready""#))
            (daemon, port) = try folder.restart(daemon)
            telnet = try Telnet(port: port)
        }
        try #require(disk.resize(kilobytes: 1_024))
        _ = try daemon.waitForLog("has space again")
        #expect(try telnet.say("purge jobs").contains(#""purged":\#(count)"#))
        withExtendedLifetime(daemon) {}
    }

    /// A drop takes next to nothing and gives everything back.
    @Test func withoutAnyRoomADropMakesSpace() throws {
        let disk = try SmallDisk(kilobytes: 512)
        let folder = JournalFolder(path: disk.path + "/data")
        let (daemon, port) = try folder.start()
        let telnet = try Telnet(port: port)
        _ = try fill(telnet)
        _ = try useUp(telnet)
        #expect(try telnet.say("purge jobs").contains("not_durable"))
        #expect(try telnet.say(#"{"op":"drop","queue":"jobs","force":true}"#).contains(#""ok":true"#))
        _ = try daemon.waitForLog("has space again")
        #expect(try telnet.say("send jobs again") == #"{"ok":true,"id":1}"#)
        withExtendedLifetime(daemon) {}
    }

    @Test func itGoesOnWhenThereIsSpaceAgain() throws {
        let disk = try SmallDisk(kilobytes: 512)
        let folder = JournalFolder(path: disk.path + "/data")
        let (daemon, port) = try folder.start()
        let telnet = try Telnet(port: port)
        let (count, _) = try fill(telnet)
        _ = try daemon.waitForLog("no space for anything new")
        try #require(disk.resize(kilobytes: 2_048))
        _ = try daemon.waitForLog("has space again")
        #expect(try telnet.say("send jobs more") == #"{"ok":true,"id":\#(count + 1)}"#)
        withExtendedLifetime(daemon) {}
    }

    @Test func deletingMakesSpace() throws {
        let disk = try SmallDisk(kilobytes: 512)
        let folder = JournalFolder(path: disk.path + "/data")
        let (daemon, port) = try folder.start()
        let telnet = try Telnet(port: port)
        // Full again and again: what is left for deletes must be there each time.
        for _ in 0..<5 {
            let (count, _) = try fill(telnet)
            #expect(count > 20)
            #expect(try telnet.say("purge jobs").contains(#""purged":\#(count)"#))
            try waitUntilTaken(telnet)
            #expect(try telnet.say("purge jobs").contains("ok"))
        }
        withExtendedLifetime(daemon) {}
    }

    /// Space is looked for about once in a second.
    private func waitUntilTaken(_ telnet: Telnet) throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try !telnet.say("send jobs again").contains(#""ok":true"#) {
            try #require(ContinuousClock.now < deadline, "it never takes anything again")
            // A refusal is answered at once, and space is looked for once in a second.
            usleep(20_000)
        }
    }
}
