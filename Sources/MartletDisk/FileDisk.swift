import CLinux
import Glibc
package import MartletJournal

/// A directory of real files, for one process: it is locked as long as this exists.
///
/// The directory is made if it is not there, for its owner only (0700, files 0600).
package final class FileDisk: Disk, DescriptorSource {
    package let directory: String
    private let descriptor: Int32
    private let lock: DirectoryLock
    /// Nil if what we make is ours.
    private let owner: Owner?

    package convenience init(directory: String) throws(JournalError) {
        do throws(DiskError) { try DurableFolder.make(directory) } catch { throw .unusable(error) }
        try self.init(existing: directory)
    }

    /// It is an error if there is no such directory.
    package init(existing directory: String) throws(JournalError) {
        self.directory = directory
        owner = Owner(of: directory)
        descriptor = try DirectoryListing.open(directory)
        do throws(JournalError) {
            lock = try DirectoryLock(directory)
        } catch {
            SystemCall.close(descriptor)
            throw error
        }
    }

    deinit { SystemCall.close(descriptor) }

    package func names() throws(DiskError) -> [String] { try DirectoryListing.names(directory) }

    package func open(_ name: String) throws(DiskError) -> DiskFile {
        DiskFile(number: try SystemCall.check("open", name) { openat(descriptor, name, O_RDWR | O_CLOEXEC) })
    }

    package func create(_ name: String) throws(DiskError) -> DiskFile {
        try makeFolder(of: name)
        let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC
        let made = try SystemCall.check("create", name) { openat(descriptor, name, flags, 0o600) }
        owner?.take(made)
        return DiskFile(number: made)
    }

    package func close(_ file: DiskFile) { SystemCall.close(file.number) }

    package func write(_ file: DiskFile, at offset: UInt64, _ bytes: UnsafeRawBufferPointer) throws(DiskError) {
        var done = 0
        while done < bytes.count {
            guard let start = bytes.baseAddress else { preconditionFailure("bytes that are there have an address") }
            done += try SystemCall.check("write", SystemCall.path(of: file.number)) {
                pwrite(file.number, start + done, bytes.count - done, off_t(offset) + off_t(done))
            }
        }
    }

    package func reserve(_ file: DiskFile, size: UInt64) throws(DiskError) {
        try SystemCall.checkNumber("fallocate", SystemCall.path(of: file.number)) {
            posix_fallocate(file.number, 0, off_t(size))
        }
        // The size, too: fdatasync need not write it.
        try SystemCall.check("fsync", SystemCall.path(of: file.number)) { fsync(file.number) }
    }

    package func shrink(_ file: DiskFile, to size: UInt64) throws(DiskError) {
        try SystemCall.check("ftruncate", SystemCall.path(of: file.number)) { ftruncate(file.number, off_t(size)) }
    }

    package func sync(_ file: DiskFile) throws(DiskError) {
        try SystemCall.check("fdatasync", SystemCall.path(of: file.number)) { fdatasync(file.number) }
    }

    package func exists(_ name: String) throws(DiskError) -> Bool {
        try SystemCall.isThere("access", name) { faccessat(descriptor, name, F_OK, 0) }
    }

    package func rename(_ name: String, to newName: String) throws(DiskError) {
        try makeFolder(of: newName)
        // A look before is enough: nobody else changes names here, as the directory is locked.
        guard try !exists(newName) else {
            throw DiskError(.broken, call: "rename", file: newName, reason: "there is such a file")
        }
        try SystemCall.check("rename", name) { renameat(descriptor, name, descriptor, newName) }
        try syncFolder(of: newName)
    }

    package func remove(_ name: String) throws(DiskError) {
        try SystemCall.check("unlink", name) { unlinkat(descriptor, name, 0) }
    }

    package func syncDirectory() throws(DiskError) {
        try SystemCall.check("fsync", directory) { fsync(descriptor) }
    }

    package var freeSpace: UInt64 {
        var status = statvfs()
        // Where it cannot be told, it will be found out.
        guard fstatvfs(descriptor, &status) == 0 else { return .max }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }

    package func stamp() -> SegmentStamp { .now() }

    private func makeFolder(of name: String) throws(DiskError) {
        guard let slash = name.lastIndex(of: "/") else { return }
        let folder = String(name[..<slash])
        guard mkdirat(descriptor, folder, 0o700) != 0 else {
            owner?.take(folder, in: descriptor)
            return
        }
        guard !SystemCall.isTaken else { return }
        try SystemCall.check("mkdir", folder) { mkdirat(descriptor, folder, 0o700) }
    }

    private func syncFolder(of name: String) throws(DiskError) {
        guard let slash = name.lastIndex(of: "/") else { return }
        let folder = String(name[..<slash])
        let opened = try SystemCall.check("open", folder) {
            openat(descriptor, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        defer { SystemCall.close(opened) }
        try SystemCall.check("fsync", folder) { fsync(opened) }
    }
}
