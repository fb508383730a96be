import Glibc
package import MartletJournal

/// A directory of real files that are only read: nothing in it is made or changed, so that it may be a copy on a medium
/// that cannot be written, or somebody else's.
///
/// Where a lock is there that can be opened, it is held as long as this exists.
package final class StoredFiles: SegmentSource {
    private let directory: String
    private let descriptor: Int32
    private let lock: DirectoryLock?

    package init(_ directory: String) throws(JournalError) {
        self.directory = directory
        do throws(DiskError) {
            descriptor = try SystemCall.check("open", directory) {
                Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            }
        } catch {
            throw .unusable(error)
        }
        do throws(JournalError) {
            lock = try DirectoryLock(existingIn: directory)
        } catch {
            SystemCall.close(descriptor)
            throw error
        }
    }

    deinit { SystemCall.close(descriptor) }

    package func names() throws(DiskError) -> [String] { try DirectoryListing.names(directory) }

    package func open(_ name: String) throws(DiskError) -> DiskFile {
        DiskFile(number: try SystemCall.check("open", name) { openat(descriptor, name, O_RDONLY | O_CLOEXEC) })
    }

    package func close(_ file: DiskFile) { SystemCall.close(file.number) }

    package func size(of file: DiskFile) throws(DiskError) -> UInt64 { try OpenFile.size(file) }

    package func read(
        _ file: DiskFile,
        at offset: UInt64,
        into bytes: UnsafeMutableRawBufferPointer
    ) throws(DiskError) -> Int {
        try OpenFile.read(file, at: offset, into: bytes)
    }
}
