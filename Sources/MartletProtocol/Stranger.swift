/// Someone who does not mean us: a browser or a proxy that was tricked into talking to the port, or a client that
/// expects TLS. They are turned away at the first line, before anything that follows can be taken for a request.
package enum Stranger {
    case http
    case tls

    /// Nil if the line may come from someone who means us.
    ///
    /// A TLS hello may come without any line end, so a server asks for the first bytes of a connection, too.
    package init?(_ line: UnsafeRawBufferPointer) {
        if line.first == 0x16 {
            self = .tls
        } else if Self.namesHost(line) || Self.methods.contains(where: { Self.begins(line, with: $0) }) {
            self = .http
        } else {
            return nil
        }
    }

    package var failure: Failure {
        switch self {
        case .http:
            Failure(.badRequest, "this is not an HTTP port: Martlet speaks lines of JSON; the connection is closed")
        case .tls: Failure(.badRequest, "this port does not speak TLS; the connection is closed")
        }
    }

    private static let methods = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PRI", "PROPFIND", "SEARCH",
    ]

    private static func begins(_ line: UnsafeRawBufferPointer, with method: String) -> Bool {
        let length = method.utf8.count
        guard line.count > length, line[length] == 0x20 || line[length] == 0x09 else { return false }
        return line.prefix(length).elementsEqual(method.utf8)
    }

    private static func namesHost(_ line: UnsafeRawBufferPointer) -> Bool {
        line.count >= 5
            && zip(line, "host:".utf8).allSatisfy { byte, letter in
                byte == letter || byte | 0x20 == letter && letter != UInt8(ascii: ":")
            }
    }
}
