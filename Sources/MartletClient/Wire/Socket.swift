import Glibc

/// The client's end of a connection: a non-blocking stream socket, closed when the value ends.
struct Socket: ~Copyable {
    let descriptor: Int32

    private init(family: Int32) throws(SystemError) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        descriptor = Int32(try systemCall("socket") { Int(socket(family, type, 0)) })
    }

    deinit { close(descriptor) }

    /// Connects to the first reachable one of the addresses behind `address`.
    static func connect(to address: ServerAddress, timeout: Duration) throws(ConnectionError) -> Socket {
        do throws(ConnectFailure) {
            switch address {
            case .unix(let path): return try connect(toPath: path, timeout: timeout)
            case .network(let host, let port): return try connect(toHost: host, port: port, timeout: timeout)
            }
        } catch {
            throw .cannotConnect(address, reason: error.reason)
        }
    }

    private struct ConnectFailure: Error {
        let reason: String
    }

    private static func connect(toPath path: String, timeout: Duration) throws(ConnectFailure) -> Socket {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            // The rest stays zero, which ends the path; ServerAddress has checked that it fits.
            place.copyBytes(from: path.utf8.prefix(place.count - 1))
        }
        do throws(SystemError) {
            let socket = try Socket(family: AF_UNIX)
            try withUnsafeBytes(of: &address) { bytes throws(SystemError) in
                try socket.connect(bytes, timeout: timeout)
            }
            return socket
        } catch {
            throw ConnectFailure(reason: error.description)
        }
    }

    private static func connect(toHost host: String, port: UInt16, timeout: Duration) throws(ConnectFailure) -> Socket {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &found)
        guard status == 0 else { throw ConnectFailure(reason: String(cString: gai_strerror(status)).lowercased()) }
        defer { freeaddrinfo(found) }
        var reason = "no address"
        var next = found
        while let candidate = next?.pointee {
            do throws(SystemError) {
                let socket = try Socket(family: candidate.ai_family)
                let bytes = UnsafeRawBufferPointer(start: candidate.ai_addr, count: Int(candidate.ai_addrlen))
                try socket.connect(bytes, timeout: timeout)
                socket.tune()
                return socket
            } catch {
                reason = error.description
            }
            next = candidate.ai_next
        }
        throw ConnectFailure(reason: reason)
    }

    private func connect(_ address: UnsafeRawBufferPointer, timeout: Duration) throws(SystemError) {
        guard let start = address.baseAddress else { return }
        do throws(SystemError) {
            _ = try systemCall("connect") {
                Int(Glibc.connect(descriptor, start.assumingMemoryBound(to: sockaddr.self), socklen_t(address.count)))
            }
        } catch {
            guard error.number == EINPROGRESS else { throw error }
            try finishConnecting(timeout: timeout)
        }
    }

    private func finishConnecting(timeout: Duration) throws(SystemError) {
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let milliseconds = Int32(clamping: timeout.wholeMilliseconds)
        let ready = try systemCall("poll") { Int(Glibc.poll(&poll, 1, milliseconds)) }
        if ready == 0 { throw SystemError(call: "connect", number: ETIMEDOUT) }
        var status: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        _ = try systemCall("getsockopt") { Int(getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &status, &length)) }
        if status != 0 { throw SystemError(call: "connect", number: status) }
    }

    /// Small requests leave at once, and a server that vanished without a word is noticed within a minute.
    private func tune() {
        set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        set(SOL_SOCKET, SO_KEEPALIVE, 1)
        set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, 30)
        set(Int32(IPPROTO_TCP), TCP_KEEPINTVL, 10)
        set(Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        // The connection works without any of these, so a refusal is no failure.
        _ = setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Transfer {
        try transfer("recv") { recv(descriptor, buffer.baseAddress, buffer.count, 0) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Transfer {
        let flags = Int32(MSG_NOSIGNAL)
        return try transfer("send") { send(descriptor, bytes.baseAddress, bytes.count, flags) }
    }
}
