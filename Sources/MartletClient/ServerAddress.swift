import Glibc

/// Where a broker listens: `host:port`, `[::1]:6278` or `unix:/path`.
///
///     let address = try ServerAddress("[::1]:6278")
///     let client = try await Client.connect(to: address)
///
/// A name is resolved when a connection is made, each time anew, so a broker that moves is found again.
public enum ServerAddress: Hashable, Sendable {
    case network(host: String, port: UInt16)
    /// The path of a Unix stream socket.
    case unix(path: String)

    /// The port a broker listens on unless it is told otherwise.
    public static let defaultPort: UInt16 = 6278

    /// `127.0.0.1:6278`.
    public static let local = ServerAddress.network(host: "127.0.0.1", port: defaultPort)

    /// Reads `host`, `host:port`, `[address]:port` or `unix:path`.
    ///
    /// - Throws: ``AddressError`` with a sentence that says what was expected.
    public init(_ text: String) throws(AddressError) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty, path.utf8.count < 108 else { throw AddressError(text: text) }
            self = .unix(path: path)
            return
        }
        let (host, port) = try Self.split(text)
        guard !host.isEmpty else { throw AddressError(text: text) }
        self = .network(host: host, port: port)
    }

    private static func split(_ text: String) throws(AddressError) -> (host: String, port: UInt16) {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw AddressError(text: text) }
            let host = String(text[text.index(after: text.startIndex)..<end])
            return (host, try port(text[text.index(after: end)...], of: text))
        }
        // Several colons without brackets are an IPv6 address without a port.
        guard let colon = text.firstIndex(of: ":"), colon == text.lastIndex(of: ":") else {
            return (text, defaultPort)
        }
        return (String(text[..<colon]), try port(text[colon...], of: text))
    }

    private static func port(_ suffix: Substring, of text: String) throws(AddressError) -> UInt16 {
        if suffix.isEmpty { return defaultPort }
        guard suffix.first == ":", let port = UInt16(suffix.dropFirst()), port > 0 else {
            throw AddressError(text: text)
        }
        return port
    }

    /// The address in the environment variable `MARTLET_SERVER`, or ``local`` if it is not set.
    public static func fromEnvironment() throws(AddressError) -> ServerAddress {
        guard let value = getenv("MARTLET_SERVER") else { return .local }
        let text = String(cString: value)
        return text.isEmpty ? .local : try ServerAddress(text)
    }
}

extension ServerAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .network(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

/// A text that is no server address.
public struct AddressError: Error, Equatable, Sendable, CustomStringConvertible {
    public let text: String

    public var description: String {
        "'\(text)' is no server address: expected HOST:PORT, [IPV6]:PORT or unix:PATH"
    }
}
