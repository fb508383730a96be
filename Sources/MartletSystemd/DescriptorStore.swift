import Glibc

/// Descriptors that the service manager keeps for the next run of this service, over crashes and upgrades.
///
/// The journal's segments lie there under `durability: memory`. What came back is among
/// `InheritedDescriptor.takeAll()`, under the name it was stored with. How much fits is `FileDescriptorStoreMax=` of
/// the unit: what is beyond it is closed, and nobody tells us.
package struct DescriptorStore: Sendable {
    package enum Failure: Error, Equatable, CustomStringConvertible {
        /// The name is empty, longer than 255 bytes, or has a colon or a character that is not printable ASCII. systemd
        /// would take it and call the descriptor `stored`.
        case badName(String)
        /// The system call's error number.
        case notSent(Int32)
        /// The service manager has not read what it was told in time.
        case notRead

        package var description: String {
            switch self {
            case .badName(let name): "`\(name)` is no name for a descriptor"
            case .notSent(let number): "the service manager cannot be told: \(String(cString: strerror(number)))"
            case .notRead: "the service manager does not read what it is told"
            }
        }
    }

    /// Where the service manager listens; nil without one.
    private let address: String?
    /// Microseconds that it may take to read what came before.
    private let patience: UInt64

    package init(_ supervisor: Supervisor) { self.init(address: supervisor.address) }

    package init(address: String?, patience: UInt64 = 5_000_000) {
        self.address = address
        self.patience = patience
    }

    /// Stores a duplicate of the descriptor. A file that is there already stays, under its first name.
    package func push(_ descriptor: Int32, name: String) throws(Failure) {
        try check(name)
        try socket()?.send("FDSTORE=1\nFDPOLL=0\nFDNAME=\(name)", attachment: descriptor)
    }

    /// Forgets everything stored under the name.
    package func remove(name: String) throws(Failure) {
        try check(name)
        try socket()?.send("FDSTOREREMOVE=1\nFDNAME=\(name)")
    }

    /// Waits until everything told before was taken in.
    package func barrier(microseconds: UInt64) throws(Failure) {
        try socket()?.settle(microseconds: microseconds)
    }

    private func socket() throws(Failure) -> NotifySocket? {
        guard let address else { return nil }
        return try NotifySocket(address, patience: patience)
    }

    private func check(_ name: String) throws(Failure) {
        let isGood =
            (1...255).contains(name.utf8.count) && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3A }
        guard isGood else { throw .badName(name) }
    }
}
