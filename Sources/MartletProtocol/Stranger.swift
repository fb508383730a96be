/// Someone who does not mean us: a browser or a proxy that was tricked into talking to the port, or a client that
/// expects TLS. They are turned away at the first line, before anything that follows can be taken for a request.
package enum Stranger {
    case http
    case tls

    /// Nil if the line may come from someone who means us.
    package init?(_ line: UnsafeRawBufferPointer) {
        if Self.speaksTLS(line) {
            self = .tls
        } else if Self.namesHost(line) || Self.namesMethod(line) {
            self = .http
        } else {
            return nil
        }
    }

    /// Whether these are the first bytes of a TLS hello, which need not have a line end.
    package static func speaksTLS(_ beginning: UnsafeRawBufferPointer) -> Bool { beginning.first == 0x16 }

    package var failure: Failure {
        switch self {
        case .http:
            Failure(.badRequest, "this is not an HTTP port: Martlet speaks lines of JSON; the connection is closed")
        case .tls: Failure(.badRequest, "this port does not speak TLS; the connection is closed")
        }
    }

    /// The methods that IANA has registered, and none besides.
    private static let methods: Set = [
        "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "CONNECT", "COPY", "DELETE", "GET", "HEAD", "LABEL",
        "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "OPTIONS",
        "ORDERPATCH", "PATCH", "POST", "PRI", "PROPFIND", "PROPPATCH", "PUT", "QUERY", "REBIND", "REPORT", "SEARCH",
        "TRACE", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL",
    ]
    private static let longestMethod = methods.map(\.utf8.count).max() ?? 0

    /// A method in capitals, and a blank.
    private static func namesMethod(_ line: UnsafeRawBufferPointer) -> Bool {
        let word = line.prefix(longestMethod + 1).prefix { $0 != 0x20 && $0 != 0x09 }
        return word.count < line.count && methods.contains(String(decoding: word, as: UTF8.self))
    }

    private static func namesHost(_ line: UnsafeRawBufferPointer) -> Bool {
        line.count >= 5
            && zip(line, "host:".utf8).allSatisfy { byte, letter in
                byte == letter || byte | 0x20 == letter && letter != UInt8(ascii: ":")
            }
    }
}
