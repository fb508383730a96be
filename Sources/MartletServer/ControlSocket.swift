import Dispatch
import Glibc

/// A Unix socket at which whoever may run the daemon asks it for something and waits for the answer.
///
///     let control = try ControlSocket(path: "/run/martlet/control") { question in … }
///     let answer = try ControlSocket.ask("reload", at: "/run/martlet/control", seconds: 60)
///
/// One line is a question, the rest of the connection its answer; one question at a time, in a queue of its own. It is
/// no part of the protocol, and the file can be opened only by the user that the daemon runs as and by root: a client
/// of the broker cannot ask. A signal would do for asking, but not for knowing when, and how, it was carried out.
// Unchecked: nothing in it changes, and a dispatch source may be told to end from any thread.
package final class ControlSocket: @unchecked Sendable {
    /// Milliseconds in which a question must have come, so that one who says nothing does not keep the next waiting.
    private static let patience: Int32 = 2000
    private static let maximumQuestion = 256

    private let listener: Listener
    private let source: any DispatchSourceRead

    /// - Parameter answer: called on the socket's own queue, one at a time.
    package init(path: String, answer: @escaping @Sendable (String) -> String) throws(ListenError) {
        let listeners = try Listener.open(.unix(path: path), fileMode: 0o600)
        let listener = listeners[0]
        let queue = DispatchQueue(label: "martletd.control")
        source = DispatchSource.makeReadSource(fileDescriptor: listener.descriptor, queue: queue)
        source.setEventHandler {
            while case .connection(let descriptor) = listener.accept() {
                let question = Self.read(from: descriptor, patience: Self.patience, upTo: Self.maximumQuestion) {
                    $0.contains(UInt8(ascii: "\n"))
                }
                if let line = question.split(separator: "\n").first { Self.send(answer(String(line)), to: descriptor) }
                SystemCall.close(descriptor)
            }
        }
        self.listener = listener
        source.resume()
    }

    /// Stops listening and removes the file.
    package func close() {
        source.cancel()
        listener.close()
    }

    /// Asks the daemon at `path`; an empty answer is that of a daemon that has ended meanwhile.
    package static func ask(_ question: String, at path: String, seconds: Int) throws(SystemError) -> String {
        guard let address = RawSocketAddress(path: path) else {
            throw SystemError(call: "connect", number: ENAMETOOLONG)
        }
        let socket = try Descriptor(family: AF_UNIX)
        try socket.connect(address)
        send(question + "\n", to: socket.number)
        let patience = Int32(clamping: seconds * 1000)
        return read(from: socket.number, patience: patience, upTo: 64 << 10) { _ in false }
    }

    private static func send(_ text: String, to descriptor: Int32) {
        // Far less than a fresh socket holds, so it is taken at once or the peer is gone.
        Array(text.utf8).withUnsafeBytes { _ = SystemCall.send(descriptor, $0) }
    }

    /// Bytes until the peer's last one, or until it says nothing for so many milliseconds.
    private static func read(
        from descriptor: Int32,
        patience: Int32,
        upTo maximum: Int,
        isDone: ([UInt8]) -> Bool
    ) -> String {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 512)
        while bytes.count < maximum, !isDone(bytes) {
            let transfer = block.withUnsafeMutableBytes { space in
                space.baseAddress.map { SystemCall.receive(descriptor, into: $0, space.count) } ?? .lost
            }
            switch transfer {
            case .moved(let count): bytes += block[..<count]
            case .ended, .lost: return String(decoding: bytes, as: UTF8.self)
            case .wouldBlock:
                var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                if poll(&waiting, 1, patience) == 0 { return String(decoding: bytes, as: UTF8.self) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
