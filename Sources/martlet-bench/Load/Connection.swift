import CLinux
import Glibc

/// A connection under load: buffers, phrases and the script that it follows.
final class Connection {
    /// Its place in its loop.
    let place: Int
    let phrases: Phrases
    let handles = Handles()
    let output = OutputBuffer()
    let input: InputBuffer
    let script: any Script
    private let peer: Peer
    private let descriptor: Int32
    private var greetings: Int
    private var waitsToWrite = false

    /// - Parameter address: connected to at once.
    init(place: Int, peer: Peer, address: ServerAddress, phrases: Phrases, script: any Script, room: Int) throws {
        self.place = place
        self.peer = peer
        self.phrases = phrases
        self.script = script
        input = InputBuffer(capacity: room)
        greetings = phrases.greeting.replies
        descriptor = try address.connect()
        try SystemCall.check("fcntl") { clinux_make_nonblocking(descriptor) }
        output.append(phrases.greeting.bytes)
    }

    deinit { close(descriptor) }

    func watch(by epoll: borrowing Epoll) throws { try epoll.add(descriptor, Epoll.readable, data: place) }

    /// Begins the script, unless the server has to greet first.
    func begin(now: Nanoseconds) { if greetings == 0 { script.begin(self, now: now) } }

    func handle(_ events: UInt32, epoll: borrowing Epoll, tally: Tally) throws {
        // What is left over wakes us again: the sockets are level-triggered.
        if events & ~Epoll.writable != 0 { try readOnce(tally) }
        try flush(epoll)
    }

    private func readOnce(_ tally: Tally) throws {
        switch try input.fill(from: descriptor) {
        case .wouldBlock: return
        case .ended: throw LoadError("the server closed connection \(place)")
        case .moved: break
        }
        let now = Instant.now()
        while true {
            let unread = input.unread
            if unread.isEmpty { break }
            let reply = peer.read(unread, into: handles)
            if reply.kind == .incomplete { break }
            let bytes = UnsafeRawBufferPointer(rebasing: unread[..<reply.length])
            input.consume(reply.length)
            try take(reply, bytes, tally, now)
        }
        script.pause(self, now: now)
    }

    @inline(__always)
    private func take(_ reply: Reply, _ bytes: UnsafeRawBufferPointer, _ tally: Tally, _ now: Nanoseconds) throws {
        switch reply.kind {
        case .noise: return
        case .keepalive: return output.append(phrases.sign)
        case .refused: try tally.refuse(bytes)
        default: break
        }
        if greetings == 0 { return script.take(reply, bytes, self, now: now) }
        greetings -= 1
        if greetings == 0 { script.begin(self, now: now) }
    }

    /// Sends what is pending, as far as the kernel takes it.
    func flush(_ epoll: borrowing Epoll) throws {
        while output.count > 0 {
            guard case .moved(let count) = try SystemCall.send(descriptor, output.pending) else { break }
            output.consume(count)
        }
        let isBlocked = output.count > 0
        guard isBlocked != waitsToWrite else { return }
        waitsToWrite = isBlocked
        try epoll.change(descriptor, isBlocked ? Epoll.readable | Epoll.writable : Epoll.readable, data: place)
    }
}
