import Glibc
package import MartletJournal

/// A folder whose name outlives a power cut.
package enum DurableFolder {
    /// Makes it if it is not there, for its owner only (0700). The folder above it must be there.
    package static func make(_ path: String) throws(DiskError) {
        let isNew = mkdir(path, 0o700) == 0
        if !isNew, !SystemCall.isTaken { try SystemCall.check("mkdir", path) { mkdir(path, 0o700) } }
        do throws(DiskError) {
            // Also if it was there: an earlier run of ours may have been killed before it came to this.
            try syncName(of: path)
        } catch {
            // Whoever has made it saw to its name; we need not be allowed to look into the folder above.
            if isNew || error.call != "open" { throw error }
        }
    }

    /// Whether it is there. Throws if that cannot be told, as where the folder above it may not be entered.
    package static func exists(_ path: String) throws(DiskError) -> Bool {
        try SystemCall.isThere("access", path) { access(path, F_OK) }
    }

    /// Throws if nothing can be made in it.
    package static func checkIsWritable(_ path: String) throws(DiskError) {
        try SystemCall.check("access", path) { access(path, W_OK | X_OK) }
    }

    /// Gives it another name beside its own.
    package static func rename(_ path: String, to newPath: String) throws(DiskError) {
        try SystemCall.check("rename", path) { Glibc.rename(path, newPath) }
        try syncName(of: newPath)
    }

    private static func syncName(of path: String) throws(DiskError) {
        let parent = parent(of: path)
        let opened = try SystemCall.check("open", parent) { open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        defer { SystemCall.close(opened) }
        try SystemCall.check("fsync", parent) { fsync(opened) }
    }

    private static func parent(of path: String) -> String {
        let parent = path.split(separator: "/", omittingEmptySubsequences: true).dropLast().joined(separator: "/")
        return path.hasPrefix("/") ? "/" + parent : parent.isEmpty ? "." : parent
    }
}
