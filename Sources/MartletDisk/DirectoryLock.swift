import CLinux
import Glibc
package import MartletJournal

/// Keeps a second process out of a directory: the file `lock` in it, locked as long as this exists, with our process's
/// number in it for people.
package final class DirectoryLock: Sendable {
    private let descriptor: Int32

    package init(_ directory: String) throws(JournalError) {
        let path = Self.path(directory)
        do throws(DiskError) {
            descriptor = try SystemCall.check("open", path) { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        } catch {
            throw .unusable(error)
        }
        // An object whose initializer throws once all is initialized is torn down as any other.
        guard clinux_lock(descriptor) == 0 else {
            throw .locked(directory: directory, holder: Self.holder(descriptor))
        }
        Self.sign(descriptor)
        Self.giveToOwner(of: directory, descriptor)
    }

    /// For who only reads, and leaves no trace: nil if there is no such file, or none that we may open.
    package init?(existingIn directory: String) throws(JournalError) {
        let found = open(Self.path(directory), O_RDONLY | O_CLOEXEC)
        guard found >= 0 else { return nil }
        descriptor = found
        guard clinux_lock(descriptor) == 0 else {
            throw .locked(directory: directory, holder: Self.holder(descriptor))
        }
    }

    deinit { SystemCall.close(descriptor) }

    private static func path(_ directory: String) -> String { "\(directory)/lock" }

    /// When root has a look or makes a repair, the broker's own user must be able to lock it afterwards.
    private static func giveToOwner(of directory: String, _ descriptor: Int32) {
        var (folder, file) = (stat(), stat())
        guard geteuid() == 0, stat(directory, &folder) == 0, fstat(descriptor, &file) == 0 else { return }
        if file.st_uid != folder.st_uid { _ = fchown(descriptor, folder.st_uid, folder.st_gid) }
    }

    /// For people only, so that it does not matter if it cannot be written.
    private static func sign(_ descriptor: Int32) {
        var text = "\(getpid())\n"
        _ = ftruncate(descriptor, 0)
        _ = text.withUTF8 { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    private static func holder(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(count, 0)).prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }
}
