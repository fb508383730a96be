import Glibc

/// Where a server listens: `127.0.0.1:6278`, `[::1]:6278`, a name with a port, or `unix:/path`.
enum ServerAddress: Equatable, CustomStringConvertible {
    case internet(host: String, port: UInt16)
    case unix(path: String)

    init?(_ text: String) {
        if text.hasPrefix("unix:") {
            self = .unix(path: String(text.dropFirst(5)))
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if host.isEmpty { return nil }
        self = .internet(host: String(host), port: port)
    }

    var description: String {
        switch self {
        case .internet(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// A connected socket that blocks.
    func connect() throws -> Int32 {
        switch self {
        case .internet(let host, let port): try Self.connect(host: host, port: port)
        case .unix(let path): try Self.connect(path: path)
        }
    }

    private static func connect(host: String, port: UInt16) throws -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let first = list else {
            throw LoadError("no such host: \(host)")
        }
        defer { freeaddrinfo(list) }
        let descriptor = try SystemCall.check("socket") { socket(first.pointee.ai_family, hints.ai_socktype, 0) }
        try SystemCall.check("connect to \(host):\(port)") {
            Glibc.connect(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen)
        }
        var one: Int32 = 1
        let level = Int32(IPPROTO_TCP)
        try SystemCall.check("setsockopt") { setsockopt(descriptor, level, TCP_NODELAY, &one, socklen_t(4)) }
        return descriptor
    }

    private static func connect(path: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw LoadError("the path of the socket is too long: \(path)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = try SystemCall.check("socket") { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }
        try SystemCall.check("connect to \(path)") {
            withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
        return descriptor
    }
}
