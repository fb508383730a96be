import Glibc

/// Whose the files are that we make in a directory: its owner's, so that when root makes a repair the broker's own user
/// can use them afterwards.
struct Owner: Sendable {
    private let user: uid_t
    private let group: gid_t

    /// Nil if that needs no thought: we are not root, who alone can give files away, or the directory is root's.
    init?(of directory: String) {
        var status = stat()
        guard geteuid() == 0, stat(directory, &status) == 0, status.st_uid != 0 else { return nil }
        (user, group) = (status.st_uid, status.st_gid)
    }

    /// What cannot be given away is root's, as it was made.
    func take(_ descriptor: Int32) { _ = fchown(descriptor, user, group) }

    /// A folder in a directory.
    func take(_ name: String, in directory: Int32) {
        _ = fchownat(directory, name, user, group, AT_SYMLINK_NOFOLLOW)
    }
}
