import Foundation
import MartletJournal
import Testing

/// Journals that are not as they were written, or that somebody else has.
struct DamagedJournalTests {
    private let folder: JournalFolder

    init() throws { folder = try JournalFolder() }

    /// A journal of a few messages in several segments.
    private func write(_ count: Int) throws {
        let (daemon, port) = try folder.start()
        let telnet = try Telnet(port: port)
        for number in 1...count { #expect(try telnet.say("send jobs \(Self.body(number))").contains("ok")) }
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
    }

    private static func body(_ number: Int) -> String {
        "\(number) " + String(repeating: "y", count: 20 * (number % 50))
    }

    @Test func aFlippedBitIsNeverServed() throws {
        let count = 200
        try write(count)
        let pristine = try JournalFolder()
        try copy(from: folder, to: pristine)
        var (refused, cut, harmless) = (0, 0, 0)
        for file in try folder.files where file.hasSuffix(".segment") {
            let size = try Data(contentsOf: URL(filePath: file)).count
            // Every header, and here and there in what follows it.
            for place in Array(stride(from: 0, to: 64, by: 7)) + Array(stride(from: 64, to: size, by: 3_001)) {
                // A start changes the files, so each damage is done to the same journal.
                try copy(from: pristine, to: folder)
                try flip(place % 8, at: place, in: file)
                switch try serve(file, place) {
                case nil: refused += 1
                case count: harmless += 1
                default: cut += 1
                }
            }
        }
        print("a flipped bit: \(refused) starts refused, \(cut) torn tails cut, \(harmless) without effect")
        #expect(refused > 20)
        #expect(harmless > 0)
        // What was acknowledged one by one was synced, so nearly nothing of it is a tail.
        #expect(cut <= 2)
    }

    private func copy(from: JournalFolder, to: JournalFolder) throws {
        let files = FileManager.default
        if files.fileExists(atPath: to.path + "/journal") { try files.removeItem(atPath: to.path + "/journal") }
        try files.copyItem(atPath: from.path + "/journal", toPath: to.path + "/journal")
    }

    private func flip(_ bit: Int, at place: Int, in file: String) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        bytes[place] ^= 1 << UInt8(bit)
        try Data(bytes).write(to: URL(filePath: file))
    }

    /// Starts on the damaged journal: how many messages are served, all of them right; nil if the start is refused.
    private func serve(_ file: String, _ place: Int) throws -> Int? {
        let daemon = try folder.process()
        guard let port = try daemon.portOrEnd() else {
            let end = try daemon.finish()
            #expect(end.status == 74, "\(file) at \(place): \(end.errors)")
            let name = file.split(separator: "/").last ?? ""
            // A header that is wrong may be found out by the next segment, which names it.
            #expect(end.errors.contains("martletd: "), "\(file) at \(place): \(end.errors)")
            #expect(end.errors.contains(name) || place < 64, "\(file) at \(place): \(end.errors)")
            return nil
        }
        let answer = try Telnet(port: port).say(#"{"op":"peek","queue":"jobs","max":1000}"#)
        let bodies = answer.split(separator: #""body":""#).dropFirst().map { String($0.prefix { $0 != "\"" }) }
        #expect(bodies == bodies.indices.map { Self.body($0 + 1) }, "\(file) at \(place)")
        return bodies.count
    }

    // MARK: Journals that cannot be used

    @Test func aJournalOfALaterReleaseIsRefused() throws {
        try write(3)
        let file = try #require(try folder.files.first { $0.hasSuffix(".segment") })
        var bytes = try Data(contentsOf: URL(filePath: file))
        var header = try bytes.withUnsafeBytes { try SegmentHeader(bytes: $0) }
        header.version = 9
        bytes.withUnsafeMutableBytes { header.write(to: $0) }
        try bytes.write(to: URL(filePath: file))
        let end = try folder.startInVain()
        #expect(end.status == 74)
        #expect(end.errors.contains("has format version 9"))
        #expect(end.errors.contains("start the release that wrote it, or a later one"))
    }

    @Test func twoDaemonsDoNotShareADirectory() throws {
        let (first, port) = try folder.start()
        let end = try folder.startInVain()
        #expect(end.status == 74)
        #expect(end.errors.contains("is in use by process"))
        #expect(try Telnet(port: port).say("send jobs hello").contains("ok"))
        withExtendedLifetime(first) {}
    }

    @Test func aDirectoryThatIsAFileIsRefused() throws {
        let file = folder.path + "/file"
        try Data().write(to: URL(filePath: file))
        let end = try JournalFolder(path: file).startInVain()
        #expect(end.status == 74)
        #expect(end.errors.contains("Not a directory"), "\(end.errors)")
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func aDirectoryWithoutRightsIsRefused() throws {
        let path = folder.path + "/locked"
        mkdir(path, 0o500)
        let end = try JournalFolder(path: path).startInVain()
        #expect(end.status == 74)
        #expect(end.errors.contains("Permission denied"))
    }

    @Test func filesAreTheOwnersAlone() throws {
        try write(1)
        for (path, mode) in [(folder.path + "/journal", 0o700)] + (try folder.files.map { ($0, 0o600) }) {
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(Int(status.st_mode) & 0o777 == mode, "\(path)")
        }
    }
}
