import Glibc
package import MartletJournal

/// A directory of real files that are only read: nothing in it is made, so that it may be a copy on a medium that
/// cannot be written, or somebody else's.
///
/// Where a lock is there that can be opened, it is held as long as this exists; where it can be written, our process's
/// number in it is all that is changed.
package final class StoredFiles: DescriptorSource {
    private let directory: String
    private let descriptor: Int32
    private let lock: DirectoryLock?

    package init(_ directory: String) throws(JournalError) {
        self.directory = directory
        lock = try DirectoryLock(existingIn: directory)
        descriptor = try DirectoryListing.open(directory)
    }

    deinit { SystemCall.close(descriptor) }

    package func names() throws(DiskError) -> [String] { try DirectoryListing.names(directory) }

    package func open(_ name: String) throws(DiskError) -> DiskFile {
        DiskFile(number: try SystemCall.check("open", name) { openat(descriptor, name, O_RDONLY | O_CLOEXEC) })
    }

    package func close(_ file: DiskFile) { SystemCall.close(file.number) }
}
