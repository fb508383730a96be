import Glibc

/// Whoever read our output has gone. The program ends, and that is no failure.
struct BrokenPipe: Error {}

/// Our output cannot be written.
struct OutputFailure: Error, CustomStringConvertible {
    let description: String
}

/// Standard output, without a buffer: what is written has been handed over when the call returns.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static func write(line: String) throws {
        try write(bytes: Array("\(line)\n".utf8))
    }

    static func write(lines: [String]) throws {
        if lines.isEmpty { return }
        try write(line: lines.joined(separator: "\n"))
    }

    static func write(bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let count = Glibc.write(STDOUT_FILENO, part.baseAddress, part.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    if errno == EPIPE { throw BrokenPipe() }
                    throw OutputFailure(description: "cannot write: \(String(cString: strerror(errno)).lowercased())")
                }
                rest = rest.dropFirst(count)
            }
        }
    }
}

/// Standard error, for people.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        // Nobody is left to be told that this failed.
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
