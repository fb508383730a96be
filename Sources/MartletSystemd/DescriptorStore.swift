import CSystemd

/// Descriptors that the service manager keeps for the next run of this service, over crashes and upgrades.
///
/// The journal's segments lie there under `durability: memory`. What came back is among
/// `InheritedDescriptor.takeAll()`, under the name it was stored with. How much fits is `FileDescriptorStoreMax=` of
/// the unit: what is beyond it is closed, and nobody tells us.
package struct DescriptorStore: Sendable {
    package enum Failure: Error, Equatable {
        /// The name is empty, longer than 255 bytes, or has a colon or a character that is not printable ASCII. systemd
        /// would take it and call the descriptor `stored`.
        case badName(String)
        /// The system call's error number.
        case notSent(Int32)
    }

    private let supervisor: Supervisor

    package init(_ supervisor: Supervisor) { self.supervisor = supervisor }

    /// Stores a duplicate of the descriptor. A file that is there already stays, under its first name.
    package func push(_ descriptor: Int32, name: String) throws(Failure) {
        try check(name)
        guard supervisor.isPresent else { return }
        let state = "FDSTORE=1\nFDPOLL=0\nFDNAME=\(name)"
        let result = withUnsafePointer(to: descriptor) { csystemd_notify_with_descriptors(state, $0, 1) }
        guard result >= 0 else { throw .notSent(-result) }
    }

    /// Forgets everything stored under the name.
    package func remove(name: String) throws(Failure) {
        try check(name)
        guard supervisor.isPresent else { return }
        let result = csystemd_notify("FDSTOREREMOVE=1\nFDNAME=\(name)")
        guard result >= 0 else { throw .notSent(-result) }
    }

    /// Waits until everything told before was taken in.
    package func barrier(microseconds: UInt64) throws(Failure) {
        guard supervisor.isPresent else { return }
        let result = csystemd_notify_barrier(microseconds)
        guard result >= 0 else { throw .notSent(-result) }
    }

    private func check(_ name: String) throws(Failure) {
        let isGood =
            (1...255).contains(name.utf8.count) && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3A }
        guard isGood else { throw .badName(name) }
    }
}
