import Foundation
import MartletJournal
import Testing

/// The last write of a broker was torn, in a file that had been a segment before: the rule in a journal that has been
/// at work for a while.
struct TornJournalTests {
    private let folder: JournalFolder

    init() throws { folder = try JournalFolder() }

    private static func body(_ number: Int) -> String { "\(number) " + String(repeating: "y", count: 500) }

    private var last: String { get throws { try #require(try folder.segments.last) } }

    private func contents() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: last))) }

    /// Fills and empties segments until one is in a file that has been used.
    private func useFilesAgain(_ telnet: Telnet) throws {
        for number in 1...3000 {
            #expect(try telnet.say("send old \(Self.body(number))").contains("ok"))
            #expect(try telnet.say("purge old").contains("ok"))
            let header = try contents().withUnsafeBytes { try SegmentHeader(bytes: $0) }
            if header.rest == .terminator { return }
        }
        Issue.record("no file was used again")
    }

    @Test func itsEndIsCutAndLogged() throws {
        let (daemon, port) = try folder.start()
        let telnet = try Telnet(port: port)
        try useFilesAgain(telnet)
        for number in 1...9 { #expect(try telnet.say("send jobs \(Self.body(number))").contains("ok")) }
        let before = try contents()
        #expect(try telnet.say("send jobs \(Self.body(10))").contains("ok"))
        let after = try contents()
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
        let changed = before.indices.filter { before[$0] != after[$0] }
        let (first, end) = (try #require(changed.first), try #require(changed.last) + 1)
        let middle = (first + end) / 2
        for (torn, count) in [(end, 10), (middle, 9), (first + 1, 9)] {
            // A start goes on in the directory, so each tear is in another one.
            let copy = try JournalFolder()
            try FileManager.default.copyItem(atPath: folder.path + "/journal", toPath: copy.path + "/journal")
            let file = try #require(try copy.segments.last)
            try Data(after[..<torn] + before[torn...]).write(to: URL(filePath: file))
            let errors = try serve(count, in: copy)
            let name = try #require(file.split(separator: "/").last)
            #expect(errors.contains("\(name) has a torn tail at offset ") == (torn < end), "\(errors)")
        }
    }

    /// What the broker says when so many messages are there.
    private func serve(_ count: Int, in folder: JournalFolder) throws -> String {
        let (daemon, port) = try folder.start()
        let answer = try Telnet(port: port).say(#"{"op":"peek","queue":"jobs","max":100}"#)
        let bodies = answer.split(separator: #""body":""#).dropFirst().map { String($0.prefix { $0 != "\"" }) }
        #expect(bodies == (1...count).map(Self.body))
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
        return daemon.heard
    }
}
