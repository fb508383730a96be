import Glibc

/// A connection to the daemon over its Unix socket: lines out, lines in, until the daemon is killed.
final class Session {
    /// The daemon is gone; what was asked may have been done or not.
    struct Lost: Error {}

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var searched = 0

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Nil if nobody listens there.
    static func connect(_ path: String) -> Session? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        // A reply that never comes is a finding, not a reason to wait for ever.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        return Session(descriptor)
    }

    func say(_ lines: [String]) throws(Lost) {
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Lost() }
            done += count
        }
    }

    func hear() throws(Lost) -> String {
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: buffer[start..<end], as: UTF8.self)
                start = end + 1
                searched = start
                return line
            }
            buffer.removeSubrange(..<start)
            start = 0
            searched = buffer.count
            try read()
        }
    }

    func ask(_ line: String) throws(Lost) -> String {
        try say([line])
        return try hear()
    }

    private func read() throws(Lost) {
        let room = 64 << 10
        let count = withUnsafeTemporaryAllocation(byteCount: room, alignment: 1) { space in
            let count = recv(descriptor, space.baseAddress, room, 0)
            if count > 0 { buffer.append(contentsOf: space[..<count]) }
            return count
        }
        guard count > 0 else { throw Lost() }
    }
}
