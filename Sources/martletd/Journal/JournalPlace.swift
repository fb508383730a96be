import ArgumentParser
import Glibc
import MartletDisk
import MartletJournal

/// Which journal a command of `martletd journal` is about.
struct JournalPlace: ParsableArguments {
    @Argument(help: "The data directory, or the journal's directory in it.")
    var directory: String

    struct NoJournal: Error, CustomStringConvertible {
        let directory: String
        /// Where one is, if there is one nearby.
        let dump: String?

        var description: String {
            "there is no journal in \(directory)" + (dump.map { "; there is a dump in \($0)" } ?? "")
        }
    }

    /// Of the journal itself.
    var path: String { isThere(directory + "/journal") ? directory + "/journal" : directory }

    /// To look at it: no segment is changed. It is locked, where there is a lock that may be opened.
    func read() throws -> StoredFiles {
        let files = try StoredFiles(path)
        guard try files.names().contains(where: { SegmentName($0) != nil }) else {
            throw NoJournal(directory: path, dump: Dump.folders(in: directory).first(where: isThere))
        }
        return files
    }

    /// To change it.
    func open() throws -> FileDisk {
        // Its lock has to be free again before ours is taken.
        do { _ = try read() }
        return try FileDisk(existing: path)
    }

    private func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
