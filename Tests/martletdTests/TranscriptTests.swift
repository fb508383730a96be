import MartletTranscripts
import Testing

/// Every transcript that does not jump in time, held with the real daemon over TCP.
@Suite struct TranscriptTests {
    @Test(arguments: TranscriptFile.all.filter { !$0.jumpsInTime })
    func transcript(_ transcript: Transcript) throws {
        var environment: [String: String] = [:]
        for (key, value) in transcript.settings { environment["MARTLET_\(key.uppercased())"] = value }
        let (daemon, port) = try DaemonProcess.listening(environment: environment)
        defer { daemon.send(signal: 9) }
        do {
            try Conversation.hold(transcript, over: DaemonWire(port: port))
        } catch let failure as TranscriptFailure {
            let place = SourceLocation(
                fileID: "MartletTranscripts/Conversations",
                filePath: transcript.path,
                line: failure.line,
                column: 1
            )
            Issue.record("\(transcript.title): \(failure)", sourceLocation: place)
        }
    }
}

/// A transcript's connections to a daemon.
private final class DaemonWire: Wire {
    private let port: UInt16
    private var peers: [String: Telnet] = [:]

    init(port: UInt16) { self.port = port }

    private func peer(_ name: String) throws -> Telnet {
        if let peer = peers[name] { return peer }
        let peer = try Telnet(port: port)
        peers[name] = peer
        return peer
    }

    func send(_ bytes: String, from name: String) throws { try peer(name).mutter(bytes) }
    func nextLine(for name: String) throws -> String? { try peer(name).hear() }

    /// Not by a mere end of what we send: a peer that only has nothing more to say still gets its replies.
    func close(_ name: String) {
        peers[name]?.willHangUp()
        peers[name] = nil
    }

    func isClosed(_ name: String) throws -> Bool { try peer(name).hear() == nil }

    /// It could still come: only a line that is expected is waited for.
    func hasUnreadLine(for name: String) -> Bool { false }

    func pass(milliseconds: Int) { preconditionFailure("time cannot be made to pass here") }
}
