import CLinux
import Glibc
import Synchronization

/// A socket that connections come in by: one we have opened, or one that was handed to us open.
///
///     let listeners = try Listener.open(.internet(host: "127.0.0.1", port: 0))
///     listeners[0].address                 // with the real port
///
/// It does not wait for connections: `Acceptor` does, and takes what is there with `accept()`.
package final class Listener: Sendable {
    /// Where it can be reached.
    package let address: SocketAddress
    let descriptor: Int32
    /// The socket file to remove at the end: only one that we have made.
    private let ownFile: FileIdentity?
    private let isClosed = Atomic(false)

    private init(address: SocketAddress, descriptor: Int32, ownFile: FileIdentity? = nil) {
        self.address = address
        self.descriptor = descriptor
        self.ownFile = ownFile
    }

    deinit { close() }

    /// Closes the socket and removes the file that was made for it; whoever waits to be let in is refused.
    package func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        SystemCall.close(descriptor)
        if case .unix(let path) = address, let ownFile, ownFile == FileIdentity(of: path) { unlink(path) }
    }

    /// Listens on an address: one listener, or one for each address that a host's name stands for.
    /// - Parameter fileMode: the permissions of a Unix socket's file.
    package static func open(_ address: SocketAddress, fileMode: UInt32 = 0o660) throws(ListenError) -> [Listener] {
        switch address {
        case .unix(let path): return [try open(path: path, fileMode: fileMode)]
        case .internet(let host, let port):
            let addresses = RawSocketAddress.resolve(host: host, port: port)
            guard !addresses.isEmpty else { throw .noSuchHost(address) }
            var listeners: [Listener] = []
            for raw in addresses { listeners.append(try open(raw, as: address)) }
            return listeners
        }
    }

    /// Takes over a socket that somebody else has opened and bound, such as systemd.
    package convenience init(inherited descriptor: Int32) throws(ListenError) {
        var listening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0, listening == 1,
            clinux_make_nonblocking(descriptor) == 0,
            let address = (try? RawSocketAddress(boundTo: descriptor))?.socketAddress
        else { throw .notListening(descriptor: descriptor) }
        self.init(address: address, descriptor: descriptor)
    }

    private static func open(_ raw: RawSocketAddress, as address: SocketAddress) throws(ListenError) -> Listener {
        do throws(SystemError) {
            let socket = try Descriptor(family: raw.family)
            try socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
            // So that [::]:6278 and 0.0.0.0:6278 can stand side by side.
            if raw.family == AF_INET6 { try socket.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
            try socket.bind(raw)
            try socket.listen()
            let bound = try RawSocketAddress(boundTo: socket.number).socketAddress
            return Listener(address: bound ?? address, descriptor: socket.release())
        } catch {
            throw ListenError(error, address)
        }
    }

    private static func open(path: String, fileMode: UInt32) throws(ListenError) -> Listener {
        guard let raw = RawSocketAddress(path: path) else { throw .pathTooLong(path) }
        do throws(SystemError) {
            let socket = try Descriptor(family: AF_UNIX)
            // Before binding, so that nobody gets in while the file still has wider permissions; and after it, because
            // the process's mask may have taken away some that were asked for.
            try SystemCall.check("fchmod") { fchmod(socket.number, fileMode) }
            do throws(SystemError) {
                try socket.bind(raw)
            } catch  where error.number == EADDRINUSE && isStale(path, raw) {
                unlink(path)
                try socket.bind(raw)
            }
            try SystemCall.check("chmod") { chmod(path, fileMode) }
            try socket.listen()
            return Listener(
                address: .unix(path: path),
                descriptor: socket.release(),
                ownFile: FileIdentity(of: path)
            )
        } catch {
            throw ListenError(error, .unix(path: path))
        }
    }

    /// Whether a socket file was left behind by a process that is gone: it is a socket, and nobody answers on it.
    private static func isStale(_ path: String, _ raw: RawSocketAddress) -> Bool {
        guard FileIdentity(of: path)?.isSocket == true, let probe = try? Descriptor(family: AF_UNIX) else {
            return false
        }
        do throws(SystemError) {
            try probe.connect(raw)
            return false
        } catch {
            return error.number == ECONNREFUSED
        }
    }
}

extension Listener {
    enum Arrival {
        case connection(Int32)
        /// Nobody is waiting to be let in.
        case none
        /// No connection can be taken at present: the process or the system has no descriptor or memory left for it.
        case exhausted(SystemError)
    }

    /// Takes the next connection that waits, if there is one.
    func accept() -> Arrival {
        while true {
            do throws(SystemError) {
                return .connection(try SystemCall.check("accept4") { clinux_accept(descriptor) })
            } catch {
                switch error.number {
                case EAGAIN, EWOULDBLOCK: return .none
                // The peer was gone before it was let in, or a firewall does not want it; the next one may be well.
                case ECONNABORTED, EPROTO, EPERM: continue
                default: return .exhausted(error)
                }
            }
        }
    }

    /// Sets what its connections are to be like; each inherits it as it comes in, at no cost.
    ///
    /// Replies go out at once. A peer whose machine has vanished is found out: by probes after a minute of silence, or
    /// by output that nobody acknowledges; the kernel counts a peer that does not read among those, so it is given a
    /// little longer than we wait for such a peer ourselves.
    /// - Parameter slowPeerTimeout: milliseconds.
    func prepareConnections(slowPeerTimeout: Int) throws(SystemError) {
        guard case .internet = address else { return }
        let level = Int32(IPPROTO_TCP)
        try Descriptor.set(descriptor, level, TCP_NODELAY, 1)
        try Descriptor.set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        try Descriptor.set(descriptor, level, TCP_KEEPIDLE, 60)
        try Descriptor.set(descriptor, level, TCP_KEEPINTVL, 10)
        try Descriptor.set(descriptor, level, TCP_KEEPCNT, 3)
        try Descriptor.set(descriptor, level, TCP_USER_TIMEOUT, Int32(clamping: max(90_000, slowPeerTimeout + 30_000)))
    }
}

extension ListenError {
    fileprivate init(_ error: SystemError, _ address: SocketAddress) {
        switch error.number {
        case EADDRINUSE:
            if case .unix(let path) = address, FileIdentity(of: path)?.isSocket == false {
                self = .noSocket(path: path)
            } else {
                self = .addressInUse(address)
            }
        case EACCES, EPERM, EROFS: self = .notPermitted(address, error)
        default: self = .failed(address, error)
        }
    }
}
