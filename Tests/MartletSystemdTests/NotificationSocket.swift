import Foundation
import Testing

/// Stands where the service manager listens: a datagram socket that keeps what it is told.
final class NotificationSocket {
    let folder: String
    let path: String
    private let descriptor: Int32

    init(in folder: String) throws {
        self.folder = folder
        path = folder + "/notify"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// The next notice with this assignment; those before it are dropped.
    func wait(for assignment: String) throws -> [String] {
        var space = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &space, space.count, 0)
            try #require(count > 0, "nobody has told \(assignment)")
            let lines = String(decoding: space[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
            if lines.contains(assignment) { return lines }
        }
    }
}
