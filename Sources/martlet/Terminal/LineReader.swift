import Glibc

/// Reads a file or standard input (`-`), whole or line by line, in bounded memory.
struct LineReader: ~Copyable {
    private let descriptor: Int32
    private let path: String
    /// Bytes in the file; nil if that is not known beforehand, as of a pipe.
    let size: Int?
    /// Bytes of the lines handed out so far.
    private(set) var position = 0
    private var buffer: [UInt8] = []
    private var start = 0
    private var hasEnded = false

    init(_ path: String) throws {
        self.path = path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = isFile ? Int(status.st_size) : nil
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    private static func failure(_ path: String) -> InputFailure {
        let reason = String(cString: strerror(errno)).lowercased()
        return InputFailure(status: .noInput, description: "cannot read \(path): \(reason)")
    }

    /// The next line without its end; the last one need not have one. Nil at the end of the input.
    mutating func next() throws -> [UInt8]? {
        var scanned = start
        while true {
            if let end = buffer[scanned...].firstIndex(of: 0x0A) {
                defer { take(through: end + 1) }
                let isCarriageReturn = end > start && buffer[end - 1] == 0x0D
                return Array(buffer[start..<(isCarriageReturn ? end - 1 : end)])
            }
            if hasEnded {
                guard start < buffer.count else { return nil }
                defer { take(through: buffer.count) }
                return Array(buffer[start...])
            }
            scanned = buffer.count - start
            try fill()
        }
    }

    private mutating func take(through end: Int) {
        position += end - start
        start = end
    }

    private mutating func fill() throws {
        buffer.removeFirst(start)
        start = 0
        let length = 256 << 10
        let descriptor = descriptor
        var count = 0
        let old = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: length))
        repeat {
            count = buffer.withUnsafeMutableBytes { bytes in
                read(descriptor, bytes.baseAddress.map { $0 + old }, length)
            }
        } while count < 0 && errno == EINTR
        buffer.removeLast(length - max(count, 0))
        if count < 0 { throw Self.failure(path) }
        if count == 0 { hasEnded = true }
    }

    /// Everything that is left.
    mutating func rest() throws -> [UInt8] {
        while !hasEnded { try fill() }
        defer { take(through: buffer.count) }
        return Array(buffer[start...])
    }
}
