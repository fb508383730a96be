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
        #expect(throws: ListenError.noSocket(path: path)) { try Listener.open(.unix(path: path)) }
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

    @Test func connectionsSendAtOnceAndAreProbed() throws {
        let listener = try Listener.open(.internet(host: "127.0.0.1", port: 0))[0]
        try listener.prepareConnections(slowPeerTimeout: 100_000)
        let peer = try Peer(connectedTo: listener.address)
        var arrival = listener.accept()
        try eventually("the connection has come in") {
            if case .none = arrival { arrival = listener.accept() }
            if case .connection = arrival { return true } else { return false }
        }
        guard case .connection(let descriptor) = arrival else { return }
        defer { SystemCall.close(descriptor) }
        func option(_ level: Int32, _ name: Int32) -> Int32 {
            var value: Int32 = -1
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, level, name, &value, &length)
            return value
        }
        #expect(option(Int32(IPPROTO_TCP), TCP_NODELAY) == 1)
        #expect(option(SOL_SOCKET, SO_KEEPALIVE) == 1)
        #expect(option(Int32(IPPROTO_TCP), TCP_KEEPIDLE) == 60)
        #expect(option(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT) == 130_000)
        #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        peer.close()
    }

    @Test func refusesASocketThatDoesNotListen() throws {
        let socket = try Descriptor(family: AF_INET)
        #expect(throws: ListenError.notListening(descriptor: socket.number)) { try Listener(inherited: socket.number) }
    }
}
