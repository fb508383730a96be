import Glibc
import Testing

/// A connection to the daemon, as a person would have it: a line out, a line in.
final class Telnet {
    private let file: UnsafeMutablePointer<FILE>

    init(port: UInt16) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        file = try Self.connect(AF_INET, address)
    }

    init(path: String) throws {
        file = try Self.connect(AF_UNIX, sockaddr_un(path: path))
    }

    private static func connect<Address>(_ family: Int32, _ address: Address) throws -> UnsafeMutablePointer<FILE> {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        let result = withUnsafeBytes(of: address) { bytes in
            bytes.baseAddress.map {
                Glibc.connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            }
        }
        try #require(result == 0, "connecting: \(String(cString: strerror(errno)))")
        // A reply that does not come fails the test instead of holding it up for ever.
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        return try #require(fdopen(descriptor, "r+"))
    }

    deinit { fclose(file) }

    /// Makes the end of this connection an abrupt one, as when its program is killed with replies unread.
    func willHangUp() {
        var atOnce = linger(l_onoff: 1, l_linger: 0)
        setsockopt(fileno(file), SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<linger>.size))
    }

    func say(_ line: String) throws -> String {
        fputs(line + "\n", file)
        fflush(file)
        return try #require(hear(), "no reply to \(line)")
    }

    /// Says something without waiting for a reply.
    func mutter(_ lines: String) {
        fputs(lines, file)
        fflush(file)
    }

    /// Whether no line comes for so many milliseconds. To be called when every line that has come was heard.
    func saysNothing(for milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: fileno(file), events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, milliseconds) == 0
    }

    /// The next line; nil at the end.
    func hear() -> String? {
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        let count = getline(&line, &capacity, file)
        guard count > 0, let line else { return nil }
        return String(cString: line).filter { $0 != "\n" }
    }
}

extension sockaddr_un {
    init(path: String) {
        self.init()
        sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &sun_path) { $0.copyBytes(from: path.utf8) }
    }
}
