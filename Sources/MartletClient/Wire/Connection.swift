import Glibc

/// One connection: its socket, what is still to be written, and the unfinished line that was read.
struct Connection: ~Copyable {
    /// Until when the server must have greeted.
    let greetingDeadline: ContinuousClock.Instant
    private let socket: Socket
    private let replyLimit: Int
    private let chunk: UnsafeMutableRawBufferPointer
    private var lines = LineBuffer()
    private var outgoing: [UInt8] = []
    private var written = 0
    /// A write has failed; what the server said before that is still read.
    private var isBroken = false

    init(_ address: ServerAddress, _ options: ClientOptions) throws {
        greetingDeadline = .now + options.connectTimeout
        replyLimit = options.replyLimit
        socket = try Socket.connect(to: address, timeout: options.connectTimeout)
        chunk = .allocate(byteCount: 256 << 10, alignment: 16)
    }

    deinit { chunk.deallocate() }

    var isWritten: Bool { written == outgoing.count }

    mutating func write(next bytes: [UInt8]) {
        outgoing = bytes
        written = 0
    }

    /// Writes as much as the socket takes, and returns how many bytes that was.
    mutating func write() -> Int {
        if isWritten || isBroken { return 0 }
        let rest = outgoing.withUnsafeBytes { bytes in
            Result { try socket.write(UnsafeRawBufferPointer(rebasing: bytes[written...])) }
        }
        switch rest {
        case .success(.moved(let count)):
            written += count
            return count
        case .success: return 0
        case .failure:
            isBroken = true
            return 0
        }
    }

    /// Waits until the socket can be read, or written if there is something to write, or `pipe` is woken.
    func wait(or pipe: borrowing WakePipe, until deadline: ContinuousClock.Instant?) throws {
        let wantsWriting = !isWritten && !isBroken
        var descriptors = [
            pollfd(fd: socket.descriptor, events: Int16(wantsWriting ? POLLIN | POLLOUT : POLLIN), revents: 0),
            pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0),
        ]
        let timeout = deadline?.pollTimeout ?? -1
        _ = try systemCall("poll") { Int(poll(&descriptors, 2, timeout)) }
    }

    /// The lines that have come.
    ///
    /// - Throws: When the connection has ended.
    mutating func read() throws -> [Reply] {
        switch try socket.read(into: chunk) {
        case .wouldBlock: return []
        case .endOfStream: throw ConnectionError.lost(reason: "the server closed it")
        case .moved(let count): lines.append(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
        }
        var replies: [Reply] = []
        while let line = lines.next() { replies.append(try Reply(line)) }
        guard lines.pending <= replyLimit else {
            throw ConnectionError.malformedReply("a reply is longer than \(replyLimit) bytes")
        }
        return replies
    }
}
