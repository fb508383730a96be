import Foundation

/// A file system of a few megabytes, as long as this exists.
final class SmallDisk {
    let path: String
    private let folder: JournalFolder

    struct NotMounted: Error {}

    static let canBeMounted = (try? SmallDisk(kilobytes: 64)) != nil

    init(kilobytes: Int) throws {
        folder = try JournalFolder()
        path = folder.path
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else { throw NotMounted() }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Makes it larger or smaller.
    func resize(kilobytes: Int) -> Bool {
        mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), "size=\(kilobytes)k") == 0
    }

    /// Takes away the right to write, or gives it back. In vain while a file is open for writing.
    func makeReadOnly(_ isReadOnly: Bool) -> Bool {
        mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT) | (isReadOnly ? UInt(MS_RDONLY) : 0), nil) == 0
    }
}
