import Glibc

/// Wakes a thread that waits in `poll`, from any thread. Both ends are closed when the last reference goes.
final class WakePipe: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        _ = try systemCall("socketpair") { Int(socketpair(AF_UNIX, type, 0, &ends)) }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func wake() {
        var byte: UInt8 = 1
        // A full pipe wakes as well as one byte more would.
        _ = send(writeEnd, &byte, 1, Int32(MSG_NOSIGNAL))
    }

    /// Waits for a wake-up.
    func wait(until deadline: ContinuousClock.Instant) {
        var poll = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        // An interrupted wait is a wake-up too many, which callers must expect anyway.
        _ = Glibc.poll(&poll, 1, deadline.pollTimeout)
    }

    /// Forgets all wake-ups so far.
    func drain() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            while recv(readEnd, buffer.baseAddress, buffer.count, 0) > 0 {}
        }
    }
}

extension ContinuousClock.Instant {
    /// Milliseconds from now, rounded up so that a wait until then does not end before it.
    var pollTimeout: Int32 { Int32(clamping: (self - .now).wholeMilliseconds) }
}
