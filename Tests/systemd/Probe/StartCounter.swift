import Glibc

/// A number in a file that has no name any more: it is there as long as somebody holds its descriptor.
struct StartCounter {
    let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    init() {
        var path = Array("/tmp/counter-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        precondition(descriptor >= 0, "the unit gives us a /tmp to write to")
        unlink(path)
    }

    /// Counts this start; the first one is 1.
    func count() -> Int {
        var number: UInt8 = 0
        _ = pread(descriptor, &number, 1, 0)
        number += 1
        _ = pwrite(descriptor, &number, 1, 0)
        return Int(number)
    }
}
