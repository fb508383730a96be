/// Something that a disk could not do.
package struct DiskError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// No space, or more than a quota allows: may be different later.
        case noSpace
        /// We have no right to do that: nothing is wrong with the disk.
        case denied
        /// Anything else: nothing is known of what was to be written.
        case broken
    }

    package let kind: Kind
    /// What was to be done, as the system calls it.
    package let call: String
    /// On what; empty for the directory.
    package let file: String
    /// The system's words.
    package let reason: String

    package init(_ kind: Kind, call: String, file: String, reason: String) {
        self.kind = kind
        self.call = call
        self.file = file
        self.reason = reason
    }

    /// The same, not to be tried again.
    var final: DiskError { DiskError(.broken, call: call, file: file, reason: reason) }

    package var description: String { "\(call) \(file.isEmpty ? "the directory" : file): \(reason)" }
}
