import Glibc
import Synchronization
import Testing

@testable import MartletClient

/// A server that plays a script: the test reads what the client says, line by line, and answers as it likes.
///
///     let server = try FakeServer()
///     async let client = server.connect()
///     var peer = try await server.accept()          // the client's first connection, greeted
///     try await peer.expect(#"{"op":"ping"}"#, answer: #"{"ok":true,"now":1}"#)
final class FakeServer: Sendable {
    let address: ServerAddress
    private let listener: Int32
    private let peers: AsyncStream<Peer>
    private let iterator: Mutex<AsyncStream<Peer>.Iterator>

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let status = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) | listen(listener, 16) | getsockname(listener, address, &length)
            }
        }
        try #require(status == 0)
        address = .network(host: "127.0.0.1", port: UInt16(bigEndian: name.sin_port))
        let (peers, arrivals) = AsyncStream.makeStream(of: Peer.self)
        self.peers = peers
        iterator = Mutex(peers.makeAsyncIterator())
        spawn {
            while true {
                let descriptor = Glibc.accept(listener, nil, nil)
                guard descriptor >= 0 else { break }
                arrivals.yield(Peer(descriptor))
            }
            arrivals.finish()
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// The next connection, as it comes.
    func acceptSilently() async throws -> Peer {
        var iterator = iterator.withLock { $0 }
        return try #require(await iterator.next())
    }

    /// The next connection, its hello answered.
    func accept() async throws -> Peer {
        let peer = try await acceptSilently()
        try await peer.expect(#"{"op":"hello","protocol":1}"#, answer: #"{"ok":true,"server":"martlet","protocol":1}"#)
        return peer
    }

    /// A client and its first connection. It tries again at once when that is lost.
    func connect(_ options: ClientOptions? = nil) async throws -> (Client, Peer) {
        var quick = ClientOptions()
        quick.reconnect = ReconnectPolicy(initial: .milliseconds(1), maximum: .milliseconds(10))
        let chosen = options ?? quick
        let address = address
        async let client = Client.connect(to: address, options: chosen)
        let peer = try await accept()
        return (try await client, peer)
    }

    /// No more connections.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }
}

/// The server's end of one connection.
final class Peer: Sendable {
    private let descriptor: Int32
    private let iterator: Mutex<AsyncStream<String>.Iterator>

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        let (lines, arrivals) = AsyncStream.makeStream(of: String.self)
        iterator = Mutex(lines.makeAsyncIterator())
        spawn {
            var buffer = LineBuffer()
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = recv(descriptor, &chunk, chunk.count, 0)
                guard count > 0 else { break }
                chunk.withUnsafeBytes { buffer.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                while let line = buffer.next() { arrivals.yield(String(decoding: line, as: UTF8.self)) }
            }
            arrivals.finish()
        }
    }

    deinit { close(descriptor) }

    /// The next line; nil when the client has gone.
    func line() async -> String? {
        var iterator = iterator.withLock { $0 }
        return await iterator.next()
    }

    /// The next line is `line`, and gets `answer` if there is one.
    func expect(_ line: String, answer: String? = nil, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let said = try #require(await self.line(), sourceLocation: sourceLocation)
        #expect(said == line, sourceLocation: sourceLocation)
        if let answer { say(answer) }
    }

    func say(_ lines: String...) {
        let text = lines.map { $0 + "\n" }.joined()
        say(bytes: Array(text.utf8))
    }

    func say(bytes: [UInt8]) {
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// The connection is lost.
    func hangUp() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}

/// Runs `body` on a thread of its own, because it blocks.
private func spawn(_ body: @escaping @Sendable () -> Void) {
    final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Body(body)).toOpaque()
    pthread_create(
        &thread,
        nil,
        { pointer in
            if let pointer { Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run() }
            return nil
        },
        argument
    )
    pthread_detach(thread)
}
