/// Why a journal cannot be opened or read. Each says where, and what an operator can do.
package enum JournalError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A segment that a later release has written.
    case newerVersion(file: String, found: UInt32, known: UInt32)
    /// What had been synced does not read as it was written.
    case rotten(file: String, offset: UInt64, reason: String)
    /// The disk could not read.
    case unreadable(file: String, offset: UInt64, error: DiskError)
    /// A segment between two others, or one that the next one names, is not there.
    case missing(file: String, reason: String)
    /// A repair was begun and has not come to its end.
    case repairUnfinished(file: String)
    /// Another process has the journal open.
    case locked(directory: String, holder: String?)
    /// The directory, or something in it, cannot be used at all.
    case unusable(DiskError)

    package var description: String {
        switch self {
        case .rotten: "\(finding). \(Self.advice)"
        case .missing: "\(finding). Put it back if there is a copy. \(Self.advice)"
        case .unreadable(_, _, let error) where error.kind == .denied:
            "\(finding). Nothing is wrong with it: it has to belong to the user that the daemon runs as"
        case .unreadable: "\(finding). Look after the disk first. \(Self.advice)"
        case .newerVersion, .repairUnfinished, .locked, .unusable: finding
        }
    }

    /// What is wrong, without what can be done about files that are damaged: they may be no files.
    package var finding: String {
        switch self {
        case .newerVersion(let file, let found, let known):
            "\(file) has format version \(found), and this release knows version \(known) and older: "
                + "start the release that wrote it, or a later one"
        case .rotten(let file, let offset, let reason):
            "\(file) is damaged at offset \(offset): \(reason)"
        case .unreadable(let file, let offset, let error):
            "\(file) cannot be read at offset \(offset): \(error.reason)"
        case .missing(let file, let reason):
            "\(file) is missing: \(reason)"
        case .repairUnfinished(let file):
            "a repair was interrupted (\(file)): run `martletd journal repair` again, it goes on where it was"
        case .locked(let directory, let holder):
            "\(directory) is in use by \(holder.map { "process \($0)" } ?? "another process")"
        case .unusable(let error):
            "the journal's directory cannot be used: \(error)"
        }
    }

    private static let advice =
        "`martletd journal check` shows what is readable; `martletd journal repair` keeps that and sets the rest aside"
}
