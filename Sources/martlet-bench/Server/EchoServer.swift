import CLinux
import Glibc

/// One thread, epoll, level-triggered: read once, write it back. The least that a server of connections can do.
///
/// A peer that does not read is waited for: this is a measure, not a service.
final class EchoServer {
    let port: UInt16
    private let listener: Int32
    private let epoll: Epoll
    private let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    init(host: String, port: UInt16) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { throw LoadError("\(host) is no IPv4 address") }
        let listener = try SystemCall.check("socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
        var one: Int32 = 1
        try SystemCall.check("setsockopt") { setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, 4) }
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                try SystemCall.check("bind to \(host):\(port)") { bind(listener, raw, size) }
                try SystemCall.check("getsockname") { getsockname(listener, raw, &size) }
            }
        }
        try SystemCall.check("listen") { Glibc.listen(listener, 4096) }
        self.listener = listener
        self.port = UInt16(bigEndian: address.sin_port)
        epoll = try Epoll()
        try epoll.add(listener, Epoll.readable, data: Int(listener))
    }

    deinit {
        close(listener)
        space.deallocate()
    }

    /// Until an error, or the process is ended.
    func serve() throws {
        while true {
            for index in 0..<epoll.wait(atMost: 3_600_000_000_000) {
                let descriptor = Int32(epoll[index].data)
                if descriptor == listener { try accept() } else { echo(descriptor) }
            }
        }
    }

    private func accept() throws {
        let descriptor = try SystemCall.check("accept4") { clinux_accept(listener) }
        var one: Int32 = 1
        try SystemCall.check("setsockopt") { setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4) }
        try epoll.add(descriptor, Epoll.readable, data: Int(descriptor))
    }

    private func echo(_ descriptor: Int32) {
        guard let base = space.baseAddress else { return }
        let count = recv(descriptor, base, space.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0, reply(descriptor, UnsafeRawBufferPointer(start: base, count: count)) else {
            close(descriptor)
            return
        }
    }

    /// False when the peer is gone.
    private func reply(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = send(
                descriptor,
                UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                rest.count,
                Int32(MSG_NOSIGNAL)
            )
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
