import Glibc

/// A socket that closes itself unless somebody takes it over: what a listener is until it listens.
struct Descriptor: ~Copyable {
    let number: Int32

    /// A stream socket that neither blocks nor is inherited by programs we start.
    init(family: Int32) throws(SystemError) {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        number = try SystemCall.check("socket") { socket(family, type, 0) }
    }

    deinit { SystemCall.close(number) }

    consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }

    func set(_ level: Int32, _ option: Int32, _ value: Int32) throws(SystemError) {
        try Self.set(number, level, option, value)
    }

    static func set(_ number: Int32, _ level: Int32, _ option: Int32, _ value: Int32) throws(SystemError) {
        var value = value
        try SystemCall.check("setsockopt") {
            setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    func bind(_ address: RawSocketAddress) throws(SystemError) {
        try SystemCall.check("bind") { address.withPointer { Glibc.bind(number, $0, $1) } }
    }

    func connect(_ address: RawSocketAddress) throws(SystemError) {
        try SystemCall.check("connect") { address.withPointer { Glibc.connect(number, $0, $1) } }
    }

    func listen() throws(SystemError) {
        // The kernel cuts it to its own limit (net.core.somaxconn).
        try SystemCall.check("listen") { Glibc.listen(number, 4096) }
    }
}
