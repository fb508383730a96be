import Foundation
import Testing

/// A broker that plays a script, for what a real one does only by chance.
///
///     let broker = try FakeBroker()
///     let connection = try broker.accept()                       // and its hello is answered
///     try connection.answer("send", #"{"ok":true,"id":1}"#)
final class FakeBroker {
    private let listener: Int32
    /// What `--server` is to be told.
    let address: String

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
        // One that nobody comes to fails its test, and does not keep it waiting for ever.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        address = "127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
    }

    deinit { close(listener) }

    /// The next connection.
    func accept() throws -> Connection {
        let descriptor = Foundation.accept(listener, nil, nil)
        try #require(descriptor >= 0, "the command does not connect")
        let connection = Connection(descriptor)
        try connection.answer("hello", #"{"ok":true,"server":"martlet","protocol":1}"#)
        return connection
    }

    final class Connection {
        private let descriptor: Int32
        private var text = ""

        fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

        deinit { close(descriptor) }

        /// Reads a request, which must be for `operation`, says `lines`, and returns the request.
        @discardableResult func answer(_ operation: String, _ lines: String...) throws -> String {
            var space = [UInt8](repeating: 0, count: 4096)
            while !text.contains("\n") {
                let count = recv(descriptor, &space, space.count, 0)
                try #require(count > 0, "the command has hung up before \(operation)")
                text += String(decoding: space[..<count], as: UTF8.self)
            }
            let request = text.prefix { $0 != "\n" }
            text.removeFirst(request.count + 1)
            #expect(request.contains(#""op":"\#(operation)""#))
            let reply = Array(lines.map { $0 + "\n" }.joined().utf8)
            _ = send(descriptor, reply, reply.count, Int32(MSG_NOSIGNAL))
            return String(request)
        }

        func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
}
