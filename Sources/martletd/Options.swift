import ArgumentParser

/// The command line. Values are read by `Setting`, which the file and the environment go through as well.
struct Options: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read settings from this JSON5 file (Config/martletd.json5 shows them all).",
            valueName: "file"
        )
    )
    var config: String?

    @Option(
        help: ArgumentHelp("Listen on this address; may be repeated. (default: 127.0.0.1:6278)", valueName: "host:port")
    )
    var listen: [String] = []

    @Option(help: ArgumentHelp("Listen on a Unix socket at this path; may be repeated.", valueName: "path"))
    var unix: [String] = []

    @Option(
        help: ArgumentHelp(
            "Event loops, and so the most threads that serve connections. (default: half of the processors, at most 4)",
            valueName: "n"
        )
    )
    var ioThreads: String?

    @Option(help: ArgumentHelp("Memory for messages, such as 512M; 0 is no limit. (default: 0)", valueName: "size"))
    var memoryLimit: String?

    @Option(help: ArgumentHelp("The longest line that is read. (default: 1088K)", valueName: "size"))
    var maxLine: String?

    @Option(help: ArgumentHelp("The longest body that is taken. (default: 1M)", valueName: "size"))
    var maxBody: String?

    @Option(help: ArgumentHelp("Connections that are served at once. (default: 10000)", valueName: "n"))
    var maxConnections: String?

    @Option(
        help: ArgumentHelp(
            "How much is logged: trace, debug, info, notice, warning, error or critical. (default: info)",
            valueName: "level"
        )
    )
    var logLevel: String?

    @Option(
        help: ArgumentHelp(
            "What messages outlive: none, memory (the process, as a service) or disk (power). (default: none)",
            valueName: "mode"
        )
    )
    var durability: String?

    @Option(
        help: ArgumentHelp("Where the journal's files are. (default: the service's state directory)", valueName: "path")
    )
    var dataDir: String?

    @Flag(help: "Read the configuration, say whether it is right, and end.")
    var checkConfig = false

    @Flag(help: "Have the running service read its configuration again, wait until it has, and end.")
    var reload = false

    /// The values given, by key of their setting.
    var settings: [(key: String, values: [String])] {
        [
            ("listen", listen),
            ("unix", unix),
            ("io_threads", Array(ioThreads)),
            ("memory_limit", Array(memoryLimit)),
            ("max_line", Array(maxLine)),
            ("max_body", Array(maxBody)),
            ("max_connections", Array(maxConnections)),
            ("log_level", Array(logLevel)),
            ("durability", Array(durability)),
            ("data_dir", Array(dataDir)),
        ]
    }
}

extension Array {
    fileprivate init(_ optional: Element?) { self = optional.map { [$0] } ?? [] }
}
