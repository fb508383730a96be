import Glibc

/// A system call that failed.
struct SystemError: Error, CustomStringConvertible {
    let call: StaticString
    let number: Int32

    /// In words, such as "connection refused".
    var description: String {
        guard let text = strerror(number) else { return "\(call): error \(number)" }
        return String(cString: text).lowercased()
    }
}

/// What became of a transfer on a non-blocking descriptor.
enum Transfer: Equatable {
    case moved(Int)
    case wouldBlock
    case endOfStream
}

/// The one place that reads errno: runs `body` again while a signal interrupts it.
func systemCall(_ call: StaticString, _ body: () -> Int) throws(SystemError) -> Int {
    while true {
        let result = body()
        if result >= 0 { return result }
        let number = errno
        if number != EINTR { throw SystemError(call: call, number: number) }
    }
}

/// A transfer that may find the descriptor not ready.
func transfer(_ call: StaticString, _ body: () -> Int) throws(SystemError) -> Transfer {
    do throws(SystemError) {
        let count = try systemCall(call, body)
        return count == 0 ? .endOfStream : .moved(count)
    } catch {
        if error.number == EAGAIN || error.number == EWOULDBLOCK { return .wouldBlock }
        throw error
    }
}
