import Glibc

/// Writes lines to a descriptor, and says when they do not get there: half a list must not pass for a whole one.
///
/// Lines are gathered; what is written last leaves with `flush`.
final class LineOutput {
    struct Failure: Error, CustomStringConvertible {
        let reason: String

        var description: String { "the output cannot be written: \(reason)" }
    }

    /// Bytes that are gathered before they are written.
    private static let gathered = 64 << 10

    private let descriptor: Int32
    private var bytes: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    func write(_ line: String) throws(Failure) {
        bytes += line.utf8
        bytes.append(UInt8(ascii: "\n"))
        if bytes.count >= Self.gathered { try flush() }
    }

    func flush() throws(Failure) {
        // What could not be written is not tried again.
        defer { bytes.removeAll(keepingCapacity: true) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(reason: String(cString: strerror(errno))) }
            done += count
        }
    }
}
