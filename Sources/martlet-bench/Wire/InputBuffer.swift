import Glibc

/// Bytes that came from a server and are not read yet.
///
/// Invariant: `start <= end <= capacity`; the bytes from `start` to `end` are unread, and stay where they are until
/// `fill`.
final class InputBuffer {
    private var start = 0
    private var end = 0
    private var capacity: Int
    private var space: UnsafeMutableRawPointer

    /// - Parameter capacity: bytes to begin with; it grows when a reply does not fit.
    init(capacity: Int) {
        self.capacity = capacity
        space = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { space.deallocate() }

    var unread: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: space + start, count: end - start) }

    func consume(_ length: Int) { start += length }

    /// Reads once from the socket.
    func fill(from descriptor: Int32) throws -> Transfer {
        makeRoom()
        let outcome = try SystemCall.receive(descriptor, into: space + end, capacity - end)
        if case .moved(let count) = outcome { end += count }
        return outcome
    }

    private func makeRoom() {
        if start == end {
            start = 0
            end = 0
        } else if start > 0 {
            memmove(space, space + start, end - start)
            end -= start
            start = 0
        }
        guard capacity - end < capacity / 4 else { return }
        capacity *= 2
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        memcpy(larger, space, end)
        space.deallocate()
        space = larger
    }
}
