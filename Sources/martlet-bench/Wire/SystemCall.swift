import Glibc

/// What moving bytes through a socket came to.
enum Transfer {
    case moved(Int)
    /// Nothing can be moved now; an event will tell when.
    case wouldBlock
    /// The server has closed the connection.
    case ended
}

/// The only place that touches errno: an interrupted call is repeated, everything unexpected is thrown.
enum SystemCall {
    @discardableResult
    static func check(_ name: String, _ call: () -> Int32) throws -> Int32 {
        while true {
            let result = call()
            if result >= 0 { return result }
            if errno != EINTR { throw SystemError(call: name, number: errno) }
        }
    }

    static func receive(_ descriptor: Int32, into space: UnsafeMutableRawPointer, _ length: Int) throws -> Transfer {
        while true {
            let count = recv(descriptor, space, length, 0)
            if count > 0 { return .moved(count) }
            if count == 0 { return .ended }
            if let outcome = try failure("recv") { return outcome }
        }
    }

    static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws -> Transfer {
        while true {
            let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .moved(count) }
            if let outcome = try failure("send") { return outcome }
        }
    }

    private static func failure(_ name: String) throws -> Transfer? {
        if errno == EINTR { return nil }
        if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldBlock }
        throw SystemError(call: name, number: errno)
    }
}
