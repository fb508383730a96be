import Foundation
import Testing

/// A segment in whose place somebody has put an older copy of itself, while no daemon runs: every byte of it is right,
/// and what was written later is missing.
struct RolledBackSegmentTests {
    private let folder: JournalFolder
    private let copies: JournalFolder

    init() throws {
        folder = try JournalFolder()
        copies = try JournalFolder()
    }

    private static func body(_ number: Int) -> String { "\(number) " + String(repeating: "y", count: 500) }

    private var segments: [String] {
        get throws { try folder.files.filter { $0.hasSuffix(".segment") } }
    }

    private func copy(of file: String) -> String { copies.path + "/" + (file.split(separator: "/").last ?? "") }

    private func send(_ numbers: ClosedRange<Int>, _ port: UInt16) throws {
        let telnet = try Telnet(port: port)
        for number in numbers { #expect(try telnet.say("send jobs \(Self.body(number))").contains("ok")) }
    }

    private func end(_ daemon: DaemonProcess) throws {
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
    }

    /// Puts the older copy of a file in its place.
    private func rollBack(_ file: String) throws {
        try Data(contentsOf: URL(filePath: copy(of: file))).write(to: URL(filePath: file))
    }

    /// A journal of several segments, and of each a copy of the time when it was half full, or so.
    private func write(runs: Int) throws {
        for run in 0..<runs {
            let (daemon, port) = try folder.start()
            for step in 0..<10 {
                let first = run * 300 + step * 30 + 1
                try send(first...(first + 14), port)
                // Everything is answered, so nothing is written now; of each file, the copy before its last is kept.
                if let last = try segments.last {
                    try Data(contentsOf: URL(filePath: last)).write(to: URL(filePath: copy(of: last)))
                }
                try send((first + 15)...(first + 29), port)
            }
            try end(daemon)
        }
    }

    @Test func oneThatAnotherFollowsIsFoundOut() throws {
        try write(runs: 2)
        let rolledBack = try segments.dropLast().filter { FileManager.default.fileExists(atPath: copy(of: $0)) }
        try #require(rolledBack.count > 3)
        for file in rolledBack {
            let bytes = try Data(contentsOf: URL(filePath: file))
            try rollBack(file)
            let refusal = try folder.startInVain()
            #expect(refusal.status == 74, "\(file)")
            #expect(refusal.errors.contains(file.split(separator: "/").last ?? ""), "\(refusal.errors)")
            #expect(refusal.errors.contains("is damaged"), "\(refusal.errors)")
            try bytes.write(to: URL(filePath: file))
        }
        // As it was written, it is served.
        let (daemon, _) = try folder.start()
        try end(daemon)
    }

    /// Nothing in the journal says how much was in its last segment: what is served is what was there then.
    @Test func theLastOneIsServedAsItWas() throws {
        try write(runs: 1)
        let last = try #require(try segments.last)
        try rollBack(last)
        let (daemon, port) = try folder.start()
        let answer = try Telnet(port: port).say(#"{"op":"peek","queue":"jobs","max":1000}"#)
        let bodies = answer.split(separator: #""body":""#).dropFirst().map { String($0.prefix { $0 != "\"" }) }
        #expect(bodies == bodies.indices.map { Self.body($0 + 1) })
        #expect(bodies.count == 285)
        try end(daemon)
    }

    /// The run that comes after has begun a segment, which says where the one before ends.
    @Test func theLastOneOfARunIsFoundOutOnceAnotherRunHasWritten() throws {
        try write(runs: 1)
        let last = try #require(try segments.last)
        let (daemon, port) = try folder.start()
        try send(1_000...1_001, port)
        try end(daemon)
        try rollBack(last)
        let refusal = try folder.startInVain()
        #expect(refusal.status == 74)
        #expect(refusal.errors.contains(last.split(separator: "/").last ?? ""), "\(refusal.errors)")
    }
}
