import Glibc

/// How many descriptors the process may have.
enum DescriptorLimit {
    /// Those that are not for connections: the journal's files, listeners, what the loops and the log need.
    private static let reserve = 48

    /// Each connection is a descriptor, and the usual soft limit of 1,024 is there for programs that use select().
    static func raise() {
        guard var limit = current else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static var current: rlimit? {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit : nil
    }

    /// Lets no more connections in than there are descriptors for, so that the journal always finds one. Returns what
    /// is to be said about it.
    static func bound(_ configuration: inout Configuration) -> String? {
        guard let limit = current else { return nil }
        let most = max(1, Int(clamping: limit.rlim_cur) - reserve)
        let wanted = configuration.broker.limits.maxConnections
        guard wanted > most else { return nil }
        configuration.broker.limits.maxConnections = most
        return "the process may have \(limit.rlim_cur) descriptors only (LimitNOFILE=, ulimit -n): at most \(most) "
            + "connections instead of the \(wanted) of `max_connections`"
    }
}
