import Glibc

/// Where the server can be reached: `127.0.0.1:6278`, `[::1]:6278`, `localhost:6278`, or the path of a Unix socket.
package enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
    case internet(host: String, port: UInt16)
    case unix(path: String)

    /// Reads `HOST:PORT`; nil if it is not of that form. An IPv6 address stands in brackets.
    package init?(hostAndPort text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
        self = .internet(host: String(host), port: port)
    }

    package var description: String {
        switch self {
        case .internet(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

/// An address in the form the kernel takes and gives.
struct RawSocketAddress {
    private(set) var storage = sockaddr_storage()
    private(set) var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    var family: Int32 { Int32(storage.ss_family) }

    /// The longest path of a Unix socket; the kernel wants a zero byte after it.
    static let maximumPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// The address of a Unix socket; nil if the path is empty or too long for the kernel.
    init?(path: String) {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.maximumPath, !bytes.contains(0) else { return nil }
        storage.ss_family = sa_family_t(AF_UNIX)
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        withUnsafeMutableBytes(of: &storage) { $0[start..<start + bytes.count].copyBytes(from: bytes) }
        length = socklen_t(start + bytes.count + 1)
    }

    private init(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
        self.length = length
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: min(Int(length), $0.count)))
        }
    }

    /// The address a socket is bound to.
    init(boundTo descriptor: Int32) throws(SystemError) {
        try self.init("getsockname") { getsockname(descriptor, $0, $1) }
    }

    /// The address that a connection comes from.
    init(peerOf descriptor: Int32) throws(SystemError) {
        try self.init("getpeername") { getpeername(descriptor, $0, $1) }
    }

    private init(
        _ name: String,
        _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(SystemError) {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var storage = sockaddr_storage()
        try SystemCall.check(name) {
            withUnsafeMutablePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, &length) }
            }
        }
        self.storage = storage
        self.length = length
    }

    /// All addresses that a host's name stands for; none if there is no such host.
    static func resolve(host: String, port: UInt16) -> [RawSocketAddress] {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [RawSocketAddress] = []
        var next = list
        while let entry = next {
            if let address = entry.pointee.ai_addr {
                addresses.append(RawSocketAddress(address, entry.pointee.ai_addrlen))
            }
            next = entry.pointee.ai_next
        }
        return addresses
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// The address as a person writes it; nil for a family that the server does not speak.
    var socketAddress: SocketAddress? {
        switch family {
        case AF_INET, AF_INET6: internetAddress
        case AF_UNIX: .unix(path: path)
        default: nil
        }
    }

    /// Where a connection comes from; nil for one of a Unix socket, or one that is gone.
    static func peer(of descriptor: Int32) -> SocketAddress? {
        guard let raw = try? RawSocketAddress(peerOf: descriptor), raw.family != AF_UNIX else { return nil }
        return raw.socketAddress
    }

    private var internetAddress: SocketAddress? {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let result = withPointer {
            getnameinfo($0, $1, &host, .init(host.count), &port, .init(port.count), NI_NUMERICHOST | NI_NUMERICSERV)
        }
        guard result == 0, let number = UInt16(Self.text(port)) else { return nil }
        return .internet(host: Self.text(host), port: number)
    }

    private var path: String {
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        return withUnsafeBytes(of: storage) { bytes in
            String(decoding: bytes[start..<max(start, Int(length))].prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
