import Glibc

/// Where the running service is asked to reload: in the directory that systemd makes for it.
enum ControlPath {
    /// Nil unless the daemon runs as a service with a `RuntimeDirectory=`.
    static var ofService: String? {
        getenv("RUNTIME_DIRECTORY").flatMap { String(cString: $0).split(separator: ":").first }.map { "\($0)/control" }
    }

    /// The one to ask at from a shell, where the environment does not tell.
    static let standard = "/run/martlet/control"
}
