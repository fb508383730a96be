/// Finds the process that listens on an address of this machine, by the kernel's tables of sockets and the descriptors
/// of all processes that we may look at.
enum ListeningProcess {
    static func find(_ address: ServerAddress) -> Int? {
        guard let inode = inode(of: address) else { return nil }
        let wanted = "socket:[\(inode)]"
        for process in ProcessFile.names(in: "/proc").compactMap(Int.init) {
            let folder = "/proc/\(process)/fd"
            for name in ProcessFile.names(in: folder) where ProcessFile.link("\(folder)/\(name)") == wanted {
                return process
            }
        }
        return nil
    }

    private static func inode(of address: ServerAddress) -> Int? {
        switch address {
        case .internet(_, let port):
            // The port is enough: several servers on one port and different addresses are told apart by --server-pid.
            let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap(ProcessFile.read)
            return tables.compactMap { inode(listeningOn: port, in: $0) }.first
        case .unix(let path):
            return ProcessFile.read("/proc/net/unix").flatMap { inode(ofSocketAt: path, in: $0) }
        }
    }

    /// Lines of `sl local remote st queues timer retransmits uid timeout inode`; state 0A is listening.
    static func inode(listeningOn port: UInt16, in table: String) -> Int? {
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == "0A", let colon = fields[1].lastIndex(of: ":") else { continue }
            if UInt16(fields[1][fields[1].index(after: colon)...], radix: 16) == port { return Int(fields[9]) }
        }
        return nil
    }

    /// Lines of `number references protocol flags type state inode path`; the flag 0x10000 is listening.
    static func inode(ofSocketAt path: String, in table: String) -> Int? {
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count == 8, fields[3] == "00010000", fields[7] == path { return Int(fields[6]) }
        }
        return nil
    }
}
