import Foundation
import MartletJournal
import Testing

/// Journals that releases have written, kept for ever with what is in them: the records of each version can be read.
/// A new version of the format gets one of its own; those that are there are never rewritten.
@Suite struct StoredJournalTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    private let folder: JournalFolder

    init() throws { folder = try JournalFolder() }

    /// Puts a copy of a stored journal where a daemon has its own.
    private func lay(_ version: UInt32) throws {
        let stored = Self.fixtures.appendingPathComponent("version-\(version)")
        try FileManager.default.copyItem(atPath: stored.path, toPath: folder.path + "/journal")
        #expect(chmod(folder.path + "/journal", 0o700) == 0)
    }

    @Test(arguments: 1...SegmentHeader.currentVersion)
    func eachRecordIsRead(_ version: UInt32) throws {
        try lay(version)
        let dump = try DaemonProcess(["journal", "dump", folder.path]).finish()
        #expect(dump.status == 0, "\(dump.errors)")
        let known = try Data(contentsOf: Self.fixtures.appendingPathComponent("version-\(version).jsonl"))
        #expect(dump.output == String(decoding: known, as: UTF8.self))
        #expect(try DaemonProcess(["journal", "check", folder.path]).finish().status == 0)
    }

    /// The first version's, which holds every kind of record but those that only time or a cut brings about.
    @Test func aDaemonGoesOnWithTheFirstVersion() throws {
        try lay(1)
        let (daemon, port) = try folder.start()
        let telnet = try Telnet(port: port)
        let work = try telnet.say("stats work")
        #expect(work.contains(#""ready":3,"delayed":1,"leased":2,"dead":0"#), "\(work)")
        #expect(try telnet.say("receive failed").contains(#""body":"#))
        let history = try telnet.say(#"{"op":"history","queue":"work"}"#)
        #expect(history.contains(#""producer":"billing-3""#) && history.contains(#""outcome":"rejected""#))
        #expect(try telnet.say(#"{"op":"bindings"}"#).contains(#"{"queue":"copy","topic":"orders.*.eu"}"#))
        #expect(try telnet.say("receive second").contains(#""body":"first""#))
        #expect(try telnet.say("receive copy").contains("paused"))
        #expect(try telnet.say("stats gone").contains("no_queue"))
        #expect(try telnet.say("send other x") == #"{"ok":true,"id":3}"#)
        withExtendedLifetime(daemon) {}
    }
}
