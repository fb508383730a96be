import ArgumentParser
import MartletClient

/// The settings of a queue as options.
struct SettingsArguments: ParsableArguments {
    @Option(help: ArgumentHelp("How long a consumer has a message.", valueName: "duration"))
    var lease: Duration?

    @Option(help: ArgumentHelp("Deliveries before a message is dead; 0 is no limit.", valueName: "n"))
    var maxAttempts: Int?

    @Option(help: ArgumentHelp("Where dead messages go; an empty name keeps them.", valueName: "queue"))
    var deadLetter: String?

    @Option(help: ArgumentHelp("How long a message rests before its next attempt.", valueName: "duration"))
    var retryDelay: Duration?

    @Option(help: ArgumentHelp("So many times longer at each attempt; with --retry-delay.", valueName: "number"))
    var retryFactor: Double?

    @Option(help: ArgumentHelp("Never rests longer than this; with --retry-delay.", valueName: "duration"))
    var retryMax: Duration?

    @Option(help: ArgumentHelp("Messages expire after this; 0 is never.", valueName: "duration"))
    var ttl: Duration?

    @Option(help: "What becomes of expired messages.")
    var onExpire: QueueSettings.Expiry?

    @Option(help: ArgumentHelp("The queue is full at so many messages; 0 is no limit.", valueName: "n"))
    var maxMessages: Int?

    @Option(help: ArgumentHelp("The queue is full at so many bytes; 0 is no limit.", valueName: "bytes"))
    var maxBytes: Int?

    @Option(help: "What a full queue does.")
    var overflow: QueueSettings.Overflow?

    @Option(help: ArgumentHelp("How long a dedup is remembered.", valueName: "duration"))
    var dedupWindow: Duration?

    @Option(help: ArgumentHelp("Messages delivered a second at most; 0 is no limit.", valueName: "number"))
    var rate: Double?

    @Option(help: ArgumentHelp("Messages that may leave at once after a pause.", valueName: "n"))
    var burst: Int?

    @Option(help: ArgumentHelp("Records of ended messages that are kept.", valueName: "n"))
    var history: Int?

    @Option(help: ArgumentHelp("An auto-created queue goes after this time unused; 0 is never.", valueName: "duration"))
    var expireUnused: Duration?

    @Option(help: ArgumentHelp("Messages of one group that may be leased at once.", valueName: "n"))
    var groupConcurrency: Int?

    func validate() throws {
        if retryDelay == nil, retryFactor != nil || retryMax != nil {
            throw ValidationError("--retry-factor and --retry-max go with --retry-delay.")
        }
        // Swift reads `nan` and `inf` as numbers, JSON cannot say them.
        for (option, value) in [("--rate", rate), ("--retry-factor", retryFactor)] {
            if let value, !value.isFinite { throw ValidationError("\(option): expected a number, found \(value).") }
        }
    }

    var settings: QueueSettings {
        var settings = QueueSettings()
        settings.lease = lease
        settings.maxAttempts = maxAttempts
        settings.deadLetter = deadLetter
        settings.retryDelay = retryDelay.map {
            RetryDelay(initial: $0, factor: retryFactor ?? 1, maximum: retryMax)
        }
        settings.timeToLive = ttl
        settings.onExpire = onExpire
        settings.maxMessages = maxMessages
        settings.maxBytes = maxBytes
        settings.overflow = overflow
        settings.dedupWindow = dedupWindow
        settings.rate = rate
        settings.burst = burst
        settings.history = history
        settings.expireUnused = expireUnused
        settings.groupConcurrency = groupConcurrency
        return settings
    }

    /// All settings of a queue, named as on the wire.
    static func lines(_ settings: QueueSettings) -> [String] {
        func seconds(_ duration: Duration?) -> String? { duration.map { ($0 / .seconds(1)).asDuration } }
        let rest = settings.retryDelay.map { delay in
            let growth = delay.factor > 1 ? " × \(delay.factor.asFigure) up to \(seconds(delay.maximum) ?? "any")" : ""
            return (seconds(delay.initial) ?? "") + growth
        }
        var table = Table(["SETTING", "VALUE"])
        let rows: [(String, String?)] = [
            ("lease", seconds(settings.lease)),
            ("max_attempts", settings.maxAttempts.map(String.init)),
            ("dead_letter", settings.deadLetter ?? "none"),
            ("retry_delay", rest),
            ("ttl", seconds(settings.timeToLive)),
            ("on_expire", settings.onExpire?.rawValue),
            ("max_messages", settings.maxMessages.map(String.init)),
            ("max_bytes", settings.maxBytes.map(String.init)),
            ("overflow", settings.overflow?.rawValue),
            ("dedup_window", seconds(settings.dedupWindow)),
            ("rate", settings.rate.map(\.asFigure)),
            ("burst", settings.burst.map(String.init)),
            ("history", settings.history.map(String.init)),
            ("temporary", settings.isTemporary.map(String.init)),
            ("expire_unused", seconds(settings.expireUnused)),
            ("group_concurrency", settings.groupConcurrency.map(String.init)),
        ]
        for (name, value) in rows { table.append([name, value ?? "-"]) }
        return table.lines(lastColumnIsText: true)
    }
}
