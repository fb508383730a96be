import Logging
import MartletProtocol
import MartletServer

extension Setting {
    /// Every setting with one value or a list, in the order of the example file. Queues, their defaults and bindings
    /// are read by `ConfigurationFile`.
    static var all: [Setting] { sockets + requests + connections + broker + journal }

    /// Sizes and numbers of which there is no telling how many are too many.
    private static let (maximumSize, maximumCount) = (1 << 50, 1_000_000_000)

    private static var sockets: [Setting] {
        [
            .list("listen", \.listen, expected: "addresses such as 127.0.0.1:6278 or [::1]:6278") {
                SocketAddress(hostAndPort: $0)
            },
            .list("unix", \.unix, expected: "paths of sockets such as /run/martlet/martlet.sock") {
                $0.isEmpty ? nil : $0
            },
            Setting(
                "unix_mode",
                \.unixMode,
                expected: "permissions in octal digits such as \"0660\"",
                isReloadable: false,
                fromFile: { $0.text.flatMap(fileMode) },
                fromText: fileMode
            ),
            .count("io_threads", \.ioThreads, 0...64, isReloadable: false),
            Setting(
                "log_level",
                \.logLevel,
                expected: Logger.Level.allCases.map(\.rawValue).joined(separator: ", "),
                fromFile: { $0.text.flatMap { Logger.Level(rawValue: $0) } },
                fromText: { Logger.Level(rawValue: $0) }
            ),
        ]
    }

    private static func fileMode(_ text: String) -> UInt32? {
        UInt32(text, radix: 8).flatMap { $0 <= 0o777 ? $0 : nil }
    }

    private static var requests: [Setting] {
        [
            .size("max_line", \.broker.limits.maxLine, 1024...Limits.longestLine),
            .size("max_body", \.broker.limits.maxBody, 1...Limits.longestLine),
            .count("max_batch", \.broker.limits.maxBatch, 1...1_000_000),
            .count("max_depth", \.broker.limits.maxDepth, 2...1024),
        ]
    }

    private static var connections: [Setting] {
        [
            .count("max_connections", \.broker.limits.maxConnections, 1...maximumCount),
            .count("max_requests_in_flight", \.broker.limits.maxRequestsInFlight, 1...maximumCount),
            .count("max_subscriptions", \.broker.limits.maxSubscriptions, 0...maximumCount),
            .size("max_output", \.broker.limits.maxOutput, 4096...maximumSize),
            .duration("slow_peer_timeout", \.broker.limits.slowPeerTimeout),
            .duration("idle_timeout", \.broker.limits.idleTimeout),
        ]
    }

    private static var broker: [Setting] {
        [
            .size("memory_limit", \.broker.limits.memoryLimit, 0...maximumSize),
            .count("max_queues", \.broker.limits.maxQueues, 0...maximumCount),
            .count("max_waiting_receivers", \.broker.limits.maxWaitingReceivers, 0...maximumCount),
            .count("max_bindings", \.broker.limits.maxBindings, 0...maximumCount),
            .duration("drain_timeout", \.broker.limits.drainTimeout),
            .flag("auto_create", \.broker.autoCreate),
        ]
    }

    private static var journal: [Setting] {
        [
            .choice("durability", \.journal.mode, isReloadable: false),
            Setting(
                "data_dir",
                \.journal.directory,
                expected: "the path of a directory",
                isReloadable: false,
                fromFile: { $0.text },
                fromText: { $0 }
            ),
            Setting(
                "sync",
                \.journal.syncEvery,
                expected: "\"always\", or seconds between two syncs: {every: 0.1} in a file, a number elsewhere",
                isReloadable: false,
                fromFile: syncInterval,
                fromText: { $0 == "always" ? 0 : Double($0).flatMap(JSON5Value.milliseconds) }
            ),
            .size("segment_size", \.journal.segmentSize, (64 << 10)...maximumSize, isReloadable: false),
            .count("max_descriptors", \.journal.maxDescriptors, 8...4096, isReloadable: false),
            .duration("lease_grace", \.journal.leaseGrace, isReloadable: false),
            .flag("dump_on_stop", \.journal.dumpsOnStop),
            .choice("on_journal_failure", \.journal.onFailure, isReloadable: false),
        ]
    }

    /// 0 stands for `always`.
    private static func syncInterval(_ value: JSON5Value) -> Int? {
        if value.text == "always" { return 0 }
        guard let members = value.members, members.count == 1, members[0].key == "every" else { return nil }
        return members[0].value.milliseconds
    }
}
