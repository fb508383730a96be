import CLinux
import Glibc

/// What reading or writing a socket that does not block came to. Expected outcomes are values.
enum Transfer: Equatable {
    case moved(Int)
    /// Nothing can be moved now; an event will tell when.
    case wouldBlock
    /// The peer has sent its last byte.
    case ended
    /// The connection is gone: reset, timed out, unreachable.
    case lost
}

/// The only place that touches errno: an interrupted call is repeated, a call on a bad descriptor or a bad address is
/// a defect of ours and traps, everything else is a value or a `SystemError`.
enum SystemCall {
    @discardableResult
    static func check(_ name: String, _ call: () -> Int32) throws(SystemError) -> Int32 {
        while true {
            let result = call()
            if result >= 0 { return result }
            let number = errno
            if number == EINTR { continue }
            trapIfDefect(name, number)
            throw SystemError(call: name, number: number)
        }
    }

    static func receive(_ descriptor: Int32, into space: UnsafeMutableRawPointer, _ length: Int) -> Transfer {
        while true {
            let count = recv(descriptor, space, length, 0)
            if count > 0 { return .moved(count) }
            if count == 0 { return .ended }
            if let outcome = failure("recv", errno) { return outcome }
        }
    }

    static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Transfer {
        while true {
            let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .moved(count) }
            if let outcome = failure("send", errno) { return outcome }
        }
    }

    /// Nothing can be done about a failing close, and repeating it could close somebody else's descriptor.
    static func close(_ descriptor: Int32) {
        if Glibc.close(descriptor) != 0 { trapIfDefect("close", errno) }
    }

    private static func failure(_ name: String, _ number: Int32) -> Transfer? {
        if number == EINTR { return nil }
        if number == EAGAIN || number == EWOULDBLOCK { return .wouldBlock }
        trapIfDefect(name, number)
        return .lost
    }

    private static func trapIfDefect(_ name: String, _ number: Int32) {
        precondition(number != EBADF && number != EFAULT, "\(name) was given a descriptor or memory that is not ours")
    }
}
