import Glibc

/// A connection that blocks, for what is done one after the other: making and dropping queues, operations whose effect
/// on others is measured.
final class PlainConnection {
    let handles = Handles()
    private let peer: Peer
    private let descriptor: Int32
    private let input = InputBuffer(capacity: 64 << 10)
    private let output = OutputBuffer()
    private var lastReply: [UInt8] = []

    /// A server that does not answer for this long has failed.
    private static let patience = 120

    init(_ target: Target, greeting: Phrases.Request = Phrases.Request("", replies: 0)) throws {
        peer = target.peer
        descriptor = try target.address.connect()
        var timeout = timeval(tv_sec: Self.patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        try SystemCall.check("setsockopt") { setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size) }
        try exchange(greeting)
    }

    deinit { close(descriptor) }

    func exchange(_ request: Phrases.Request) throws {
        try exchange(replies: request.replies) { $0.append(request.bytes) }
    }

    /// Sends what `write` appends and reads as many replies; an error among them is thrown.
    func exchange(replies: Int, _ write: (OutputBuffer) -> Void) throws {
        write(output)
        while output.count > 0 {
            guard case .moved(let count) = try SystemCall.send(descriptor, output.pending) else { throw silent }
            output.consume(count)
        }
        for _ in 0..<replies { try readReply() }
    }

    /// One line of Martlet's, and the line that answers it.
    func ask(_ line: String) throws -> String {
        try exchange(Phrases.Request(line + "\n", replies: 1))
        return String(decoding: lastReply, as: UTF8.self)
    }

    private var silent: LoadError { LoadError("the server does not answer") }

    private func readReply() throws {
        while true {
            let unread = input.unread
            let reply = unread.isEmpty ? .incomplete : peer.read(unread, into: handles)
            guard reply.kind != .incomplete else {
                guard case .moved = try input.fill(from: descriptor) else { throw silent }
                continue
            }
            let bytes = UnsafeRawBufferPointer(rebasing: unread[..<reply.length])
            input.consume(reply.length)
            switch reply.kind {
            case .noise, .keepalive: continue
            case .refused:
                throw LoadError("the server refuses: \(String(decoding: bytes.prefix(300), as: UTF8.self))")
            default:
                lastReply = Array(bytes)
                return
            }
        }
    }
}
