import Foundation

/// A file system of a few megabytes, as long as this exists.
final class SmallDisk {
    let path: String
    private let directory = TemporaryDirectory()

    struct NotMounted: Error {}

    static let canBeMounted = (try? SmallDisk(megabytes: 1)) != nil

    init(megabytes: Int) throws {
        path = directory.path
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else { throw NotMounted() }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }
}
