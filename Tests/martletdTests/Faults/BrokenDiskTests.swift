import Foundation
import Testing

/// A disk that the kernel cannot write to any more, under the running daemon.
@Suite(.enabled(if: BrokenDisk.canBeMade, "no ext4 can be made on a loop device here (root can, with e2fsprogs)"))
struct BrokenDiskTests {
    @Test func whatWasAcknowledgedIsThereWhenTheDiskIsReplaced() throws {
        let disk = try BrokenDisk()
        let folder = JournalFolder(path: disk.path + "/data")
        var (daemon, port) = try folder.start()
        var telnet = try Telnet(port: port)
        let body = String(repeating: "x", count: 4_000)
        let count = 100
        for number in 0..<count { #expect(try telnet.say("send jobs \(number) \(body)").contains("ok")) }
        try disk.fail()
        #expect(try telnet.say("send jobs lost").contains("not_durable"))
        let words = try daemon.waitForLog("the journal has failed")
        #expect(words.contains("Input/output error"), "\(words)")
        #expect(try telnet.say("stats").contains(#""condition":"failed""#))
        #expect(try telnet.say("delete jobs 1").contains("not_durable"))
        #expect(try telnet.say("peek jobs").contains(#""state":"ready""#))
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
        try disk.repair()
        (daemon, port) = try folder.start()
        telnet = try Telnet(port: port)
        for number in 0..<count {
            let answer = try telnet.say("receive jobs")
            try #require(answer.contains("\"body\":\"\(number) x"), "\(number): \(answer.prefix(200))")
        }
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
    }
}
