import CLinux
import Glibc

/// A way to the service manager for what must not wait for it without end, as libsystemd's calls do when it does not
/// read: the journal's thread has its segments kept, and every reply waits for that.
final class NotifySocket {
    private let descriptor: Int32

    /// - Parameters:
    ///   - address: as `NOTIFY_SOCKET` has it: a path, or `@` and an abstract name.
    ///   - patience: microseconds that a notice may wait until the manager has read others before it.
    init(_ address: String, patience: UInt64) throws(DescriptorStore.Failure) {
        descriptor = try Self.check(socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0))
        var time = timeval(tv_sec: Int(patience / 1_000_000), tv_usec: Int(patience % 1_000_000))
        try Self.check(setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size)))
        try Self.connect(descriptor, to: address)
    }

    deinit { close(descriptor) }

    /// - Parameter attachment: a descriptor of which the manager gets a duplicate.
    func send(_ notice: String, attachment: Int32? = nil) throws(DescriptorStore.Failure) {
        var text = notice
        let socket = descriptor
        try Self.check { text.withUTF8 { Int32(clinux_send(socket, $0.baseAddress, $0.count, attachment ?? -1)) } }
    }

    /// Waits until everything sent before was taken in, at most so many microseconds.
    func settle(microseconds: UInt64) throws(DescriptorStore.Failure) {
        var ends: [Int32] = [-1, -1]
        try Self.check(clinux_make_pipe(&ends))
        defer { close(ends[0]) }
        let sending = Result { () throws(DescriptorStore.Failure) in try send("BARRIER=1", attachment: ends[1]) }
        // Only the manager has this end now, and closes it when it comes to it.
        close(ends[1])
        try sending.get()
        var end = pollfd(fd: ends[0], events: 0, revents: 0)
        let answered = try Self.check { poll(&end, 1, Int32(clamping: microseconds / 1000)) }
        guard answered > 0 else { throw .notRead }
    }

    private static func connect(_ descriptor: Int32, to address: String) throws(DescriptorStore.Failure) {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(address.utf8)
        guard let first = bytes.first, bytes.count < MemoryLayout.size(ofValue: name.sun_path) else {
            throw .notSent(EINVAL)
        }
        let isAbstract = first == UInt8(ascii: "@")
        withUnsafeMutableBytes(of: &name.sun_path) { path in
            path.copyBytes(from: bytes)
            if isAbstract { path[0] = 0 }
        }
        // An abstract name has no end but that of the address.
        let size = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
        let result = withUnsafePointer(to: name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, socklen_t(size)) }
        }
        try check(result)
    }

    /// Calls again what a signal has interrupted.
    @discardableResult
    private static func check(_ call: () -> Int32) throws(DescriptorStore.Failure) -> Int32 {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return try check(result) }
        }
    }

    /// Passes on what a system call has returned, unless that is an error.
    @discardableResult
    private static func check(_ result: Int32) throws(DescriptorStore.Failure) -> Int32 {
        if result >= 0 { return result }
        throw errno == EAGAIN ? .notRead : .notSent(errno)
    }
}
