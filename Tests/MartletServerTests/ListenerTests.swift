import Glibc
import Testing

@testable import MartletServer

struct ListenerTests {
    /// A path for a socket that no other test has.
    private static func path() -> String {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        let directory = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
        return directory + "/socket"
    }

    private static func remove(_ path: String) {
        unlink(path)
        rmdir(String(path.dropLast("/socket".count)))
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func tellsTheRealPort(host: String) throws {
        let listener = try #require(try Listener.open(.internet(host: host, port: 0)).first)
        guard case .internet(host, let port) = listener.address else {
            Issue.record("\(listener.address) is no address of \(host)")
            return
        }
        #expect(port > 0)
    }

    @Test func refusesAnAddressInUse() throws {
        let listener = try #require(try Listener.open(.internet(host: "127.0.0.1", port: 0)).first)
        #expect(throws: ListenError.addressInUse(listener.address)) { try Listener.open(listener.address) }
    }

    @Test func refusesAnUnknownHost() {
        let address = SocketAddress.internet(host: "256.1.1.1", port: 0)
        #expect(throws: ListenError.noSuchHost(address)) { try Listener.open(address) }
    }

    @Test func socketFilesHaveTheirPermissionsAndGoAway() throws {
        let path = Self.path()
        defer { Self.remove(path) }
        let listener = try Listener.open(.unix(path: path), fileMode: 0o640)[0]
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o640)
        listener.close()
        #expect(lstat(path, &status) != 0)
    }

    @Test func aLivingSocketFileIsLeftAlone() throws {
        let path = Self.path()
        defer { Self.remove(path) }
        let living = try Listener.open(.unix(path: path))
        #expect(throws: ListenError.addressInUse(.unix(path: path))) { try Listener.open(.unix(path: path)) }
        #expect(try Peer(connectedTo: .unix(path: path)).descriptor >= 0)
        withExtendedLifetime(living) {}
    }

    @Test func aStaleSocketFileIsReplaced() throws {
        let path = Self.path()
        defer { Self.remove(path) }
        let raw = try #require(RawSocketAddress(path: path))
        do {
            // Bound and closed without being removed: what a killed process leaves behind.
            let dead = try Descriptor(family: AF_UNIX)
            try dead.bind(raw)
        }
        let listener = try Listener.open(.unix(path: path))
        #expect(try Peer(connectedTo: .unix(path: path)).descriptor >= 0)
        withExtendedLifetime(listener) {}
    }

    @Test func anotherFileAtThePathIsLeftAlone() throws {
        let path = Self.path()
        defer { Self.remove(path) }
        let file = try #require(fopen(path, "w"))
        fclose(file)
        #expect(throws: ListenError.addressInUse(.unix(path: path))) { try Listener.open(.unix(path: path)) }
        #expect(FileIdentity(of: path) != nil)
    }

    @Test func takesOverAnOpenSocket() throws {
        let socket = try Descriptor(family: AF_INET)
        try socket.bind(try #require(RawSocketAddress.resolve(host: "127.0.0.1", port: 0).first))
        try socket.listen()
        let running = try RunningServer()
        let listener = try Listener(inherited: socket.release())
        try running.server.start(listeners: [listener])
        let peer = try Peer(connectedTo: listener.address, of: running)
        try peer.send("ping\n")
        #expect(try peer.lines(1).count == 1)
    }

    @Test func refusesASocketThatDoesNotListen() throws {
        let socket = try Descriptor(family: AF_INET)
        #expect(throws: ListenError.notListening(descriptor: socket.number)) { try Listener(inherited: socket.number) }
    }
}
