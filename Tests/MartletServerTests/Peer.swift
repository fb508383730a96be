import Glibc
import Testing

@testable import MartletServer

/// A client in a test: a connected socket, read with a deadline.
final class Peer {
    /// Generous: it is only waited for in full when a test fails.
    static let patience: Int32 = 20_000

    private(set) var descriptor: Int32
    private var received: [UInt8] = []
    /// Lives as long as somebody talks to it.
    private let server: RunningServer?

    init(descriptor: Int32, of server: RunningServer? = nil) {
        self.descriptor = descriptor
        self.server = server
    }

    /// Connects to a listener.
    init(connectedTo address: SocketAddress, of server: RunningServer? = nil) throws {
        self.server = server
        let raw: RawSocketAddress?
        switch address {
        case .unix(let path): raw = RawSocketAddress(path: path)
        case .internet(let host, let port): raw = RawSocketAddress.resolve(host: host, port: port).first
        }
        let target = try #require(raw)
        let socket = socket(target.family, Int32(SOCK_STREAM.rawValue), 0)
        descriptor = socket
        try SystemCall.check("connect") { target.withPointer { connect(socket, $0, $1) } }
    }

    deinit { close() }

    func close() {
        guard descriptor >= 0 else { return }
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    /// Says that nothing more will be sent.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Resets the connection instead of closing it in order.
    func reset() {
        var immediately = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &immediately, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: some Collection<UInt8>) throws {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            try #require(count > 0, "the server no longer reads: \(String(cString: strerror(errno)))")
            rest = rest.dropFirst(count)
        }
    }

    /// Sends as much as fits without waiting, and says how much that was.
    func sendWhatFits(_ bytes: [UInt8]) -> Int {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        return bytes.withUnsafeBytes { max(0, Glibc.send(descriptor, $0.baseAddress, $0.count, flags)) }
    }

    /// The next line without its LF; nil if the server has closed.
    func line() throws -> String? {
        while true {
            if let end = received.firstIndex(of: 0x0A) {
                defer { received.removeFirst(end + 1) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            guard try receive() else { return nil }
        }
    }

    /// The next `count` lines.
    func lines(_ count: Int) throws -> [String] {
        try (0..<count).map { _ in try #require(try line(), "the server has closed") }
    }

    /// Whether something has come that was not read.
    var hasInput: Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return !received.isEmpty || poll(&watched, 1, 0) == 1
    }

    /// Everything until the server closes.
    func rest() throws -> String {
        while try receive() {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Waits for bytes; false at the end of the stream.
    private func receive() throws -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        try #require(poll(&watched, 1, Self.patience) == 1, "nothing came from the server in time")
        var block = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &block, block.count, 0)
        if count > 0 { received += block[..<count] }
        return count > 0
    }
}
