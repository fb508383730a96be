import MartletProtocol

/// Output that the kernel did not take at once. Its memory goes when it is empty.
struct PendingOutput: ~Copyable {
    private var buffer = ByteBuffer(capacity: 0)
    /// The bytes before this one are written.
    private var start = 0

    var isEmpty: Bool { start == buffer.count }
    var count: Int { buffer.count - start }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer.bytes[start...]) }

    mutating func append(_ bytes: UnsafeRawBufferPointer) { buffer.append(bytes) }

    /// Takes the first `count` bytes away. Each byte is moved at most once for one that is taken away.
    mutating func removeFirst(_ count: Int) {
        start += count
        if start == buffer.count {
            buffer = ByteBuffer(capacity: 0)
            start = 0
        } else if start > buffer.count / 2 {
            buffer.removeFirst(start)
            start = 0
        }
    }
}
