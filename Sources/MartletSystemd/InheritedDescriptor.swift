import CSystemd
import Glibc

/// A descriptor that was open when we were started: a socket of a socket unit, or one that an earlier run has stored.
///
/// They are told apart by name, never by position: stored ones come after the sockets, newest first, and both kinds can
/// be absent.
package struct InheritedDescriptor: Equatable, Sendable {
    /// `FileDescriptorName=` of the socket unit, or what it was stored under.
    package let name: String
    package let number: Int32

    /// The name that sockets have whose giver named nothing, such as `systemd-socket-activate` without `--fdname`.
    package static let unnamed = "unknown"

    /// Takes what was passed to this process, which later calls and children no longer see. None without systemd.
    /// To be called once, before the first thread is started: it changes the environment.
    package static func takeAll() -> [InheritedDescriptor] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = csystemd_listen_descriptors(&names)
        defer { free(names) }
        guard count > 0, let names else { return [] }
        let first = csystemd_first_descriptor()
        return (0..<Int(count)).map { index in
            defer { free(names[index]) }
            let name = names[index].map { String(cString: $0) } ?? unnamed
            return InheritedDescriptor(name: name, number: first + Int32(index))
        }
    }

    /// Whether it is a stream socket, of any family, on which somebody listens.
    package var isStreamListener: Bool { csystemd_is_stream_listener(number) == 1 }

    package func close() { Glibc.close(number) }
}
