import Glibc

/// Cuts a stream of bytes into lines, without reading a byte twice. It does no input of its own.
///
/// Invariant: `scanned` bytes from `start` on hold no line end.
struct LineBuffer {
    private var bytes: [UInt8] = []
    private var start = 0
    private var scanned = 0

    /// Bytes of an unfinished line.
    var pending: Int { bytes.count - start }

    mutating func append(_ chunk: UnsafeRawBufferPointer) {
        // What was handed out is dropped only when the rest is small, so that each byte moves O(1) times.
        if start > 0, start * 2 >= bytes.count {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(contentsOf: chunk)
    }

    /// The next whole line, without its end.
    mutating func next() -> [UInt8]? {
        let from = start + scanned
        guard let end = bytes.withUnsafeBytes({ Self.lineEnd(in: $0, from: from) }) else {
            scanned = bytes.count - start
            return nil
        }
        let line = Array(bytes[start..<end])
        start = end + 1
        scanned = 0
        return line
    }

    mutating func removeAll() {
        self = LineBuffer()
    }

    private static func lineEnd(in bytes: UnsafeRawBufferPointer, from: Int) -> Int? {
        guard let base = bytes.baseAddress, from < bytes.count,
            let found = memchr(base + from, 0x0A, bytes.count - from)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
