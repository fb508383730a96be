import Foundation
import Synchronization

/// Stands where the service manager listens: keeps the descriptors that the daemon stores, under their names, and
/// closes those of a barrier when everything told before was dealt with.
final class DescriptorStore: Sendable {
    let path: String
    private let descriptor: Int32
    private let kept = Mutex<[(name: String, descriptor: Int32)]>([])
    private let said = Mutex("")

    init(path: String) {
        self.path = path
        unlink(path)
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        precondition(result == 0, "the folder of \(path) is ours")
    }

    /// Listens from now on, on a thread of its own.
    func start() { Thread { while true { self.takeNotice(flags: 0) } }.start() }

    /// Deals with everything that a daemon which is gone has told.
    func settle() {
        // The thread takes one notice at a time; when none is left and it has had its turn, all is kept.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&waiting, 1, 0) == 1 { sched_yield() }
        kept.withLock { _ in }
    }

    var descriptors: [(name: String, descriptor: Int32)] { kept.withLock { $0 } }

    /// What was said last in `STATUS=`.
    var status: String { said.withLock { $0 } }

    /// Forgets everything, as a service manager does when a service is stopped.
    func drop() {
        kept.withLock { kept in
            for descriptor in kept { close(descriptor.descriptor) }
            kept = []
        }
    }

    private func takeNotice(flags: Int32) {
        kept.withLock { kept in
            guard let notice = Notice.receive(from: descriptor) else { return }
            if let status = notice["STATUS"] { said.withLock { $0 = status } }
            if notice["FDSTORE"] == "1" {
                kept += notice.descriptors.map { (notice["FDNAME"] ?? "stored", $0) }
                return
            }
            if notice["FDSTOREREMOVE"] == "1" {
                for gone in kept where gone.name == notice["FDNAME"] { close(gone.descriptor) }
                kept.removeAll { $0.name == notice["FDNAME"] }
            }
            for descriptor in notice.descriptors { close(descriptor) }
        }
    }
}

/// One datagram: assignments, and descriptors that came along.
private struct Notice {
    let assignments: [String: String]
    let descriptors: [Int32]

    subscript(_ name: String) -> String? { assignments[name] }

    /// Waits for a little while.
    static func receive(from socket: Int32) -> Notice? {
        var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 10) == 1 else { return nil }
        var text = [UInt8](repeating: 0, count: 4096)
        var control = [UInt8](repeating: 0, count: 4096)
        var descriptors: [Int32] = []
        let count = text.withUnsafeMutableBytes { text in
            control.withUnsafeMutableBytes { control in
                var part = iovec(iov_base: text.baseAddress, iov_len: text.count)
                return withUnsafeMutablePointer(to: &part) { part in
                    var message = msghdr()
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    let count = recvmsg(socket, &message, Int32(MSG_CMSG_CLOEXEC))
                    descriptors = passed(in: UnsafeRawBufferPointer(control), count: Int(message.msg_controllen))
                    return count
                }
            }
        }
        guard count > 0 else { return nil }
        var assignments: [String: String] = [:]
        for line in String(decoding: text[..<count], as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { assignments[String(parts[0])] = String(parts[1]) }
        }
        return Notice(assignments: assignments, descriptors: descriptors)
    }

    /// The headers of control messages are 16 bytes, and each begins at a multiple of eight.
    private static func passed(in control: UnsafeRawBufferPointer, count: Int) -> [Int32] {
        var descriptors: [Int32] = []
        var start = 0
        while start + 16 <= count {
            let length = control.load(fromByteOffset: start, as: Int.self)
            let kind = control.load(fromByteOffset: start + 12, as: Int32.self)
            guard length >= 16 else { break }
            if kind == Int32(SCM_RIGHTS) {
                for place in stride(from: start + 16, to: start + length, by: 4) {
                    descriptors.append(control.load(fromByteOffset: place, as: Int32.self))
                }
            }
            start += (length + 7) & ~7
        }
        return descriptors
    }
}
