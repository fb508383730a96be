import CLinux
import Glibc

/// Rung by one thread, waited for by another.
final class Bell: Sendable {
    private let descriptor: Int32

    init() { descriptor = eventfd(0, 0) }

    func ring() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    func wait() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
