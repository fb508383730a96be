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
        Owner(of: directory)?.take(descriptor)
    }

    /// For who only reads, and makes nothing: nil if there is no such file, or none that we may open. Where it can be
    /// written, our number is in it all the same: whoever finds it locked is to be told by whom.
    package init?(existingIn directory: String) throws(JournalError) {
        let path = Self.path(directory)
        let writable = open(path, O_RDWR | O_CLOEXEC)
        descriptor = writable >= 0 ? writable : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard clinux_lock(descriptor) == 0 else {
            throw .locked(directory: directory, holder: Self.holder(descriptor))
        }
        if writable >= 0 { Self.sign(descriptor) }
    }

    deinit { if descriptor >= 0 { SystemCall.close(descriptor) } }

    private static func path(_ directory: String) -> String { "\(directory)/lock" }

    /// For people only, so that it does not matter if it cannot be written.
    private static func sign(_ descriptor: Int32) {
        var text = "\(getpid())\n"
        _ = ftruncate(descriptor, 0)
        _ = text.withUTF8 { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Nil if it is not known: one that could not sign has left the number of an earlier one, which is gone by now.
    private static func holder(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(count, 0)).prefix { (0x30...0x39).contains($0) }
        guard let number = pid_t(String(decoding: digits, as: UTF8.self)), isThere(number) else { return nil }
        return "\(number)"
    }

    /// Whether there is such a process, ours or somebody else's.
    private static func isThere(_ process: pid_t) -> Bool {
        process > 0 && (kill(process, 0) == 0 || !SystemCall.hasNoProcess)
    }
}
