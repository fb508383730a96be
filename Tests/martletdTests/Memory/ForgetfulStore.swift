import Foundation
import Testing

/// Stands where a service manager listens, and keeps no descriptor: for a daemon under `memory`, each end is as one by
/// `systemctl stop`.
final class ForgetfulStore {
    let path: String
    private let descriptor: Int32

    init(in folder: String) throws {
        path = folder + "/notify"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let address = sockaddr_un(path: path)
        let result = withUnsafeBytes(of: address) { bytes in
            bytes.baseAddress.map {
                bind(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            }
        }
        try #require(result == 0, "binding \(path): \(String(cString: strerror(errno)))")
        Self.listen(descriptor)
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// What is received without a place for descriptors closes them, which also answers a barrier.
    private static func listen(_ descriptor: Int32) {
        Thread.detachNewThread {
            var space = [UInt8](repeating: 0, count: 4096)
            while recv(descriptor, &space, space.count, 0) > 0 {}
            close(descriptor)
        }
    }
}
