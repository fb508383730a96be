import CLinux

/// Variables of the environment that might be meant for the daemon.
enum EnvironmentVariable {
    static let prefix = "MARTLET_"
    static let ofConfiguration = prefix + "CONFIG"

    /// What other programs read or set: the client, what it runs for a message (`martlet receive --exec`), the tests.
    private static let ofOthers: Set = [
        "SERVER",
        "QUEUE", "ID", "ATTEMPT", "PRIORITY", "RECEIPT", "HEADERS", "GROUP", "TOPIC", "REPLY_TO", "CORRELATION",
        "PRODUCER",
        "SEED", "SEEDS", "TRACE", "LOOP", "KILLS", "CHURN", "JOURNAL_KILLS", "JOURNAL_SEEDS", "KEEP_SEGMENT", "FAULTS",
        "POWER_ROOT", "POWER_TRACE", "POWER_LIES", "POWER_CALLS", "TOKEN", "WRITE_REFERENCE",
    ]

    static func name(of key: String) -> String { prefix + key.uppercased() }

    /// Their names, of those that are set.
    static var all: [String] {
        var names: [String] = []
        var entry = clinux_environment()
        while let text = entry?.pointee {
            names.append(String(String(cString: text).prefix { $0 != "=" }))
            entry = entry?.advanced(by: 1)
        }
        return names
    }

    /// What is wrong with variables that look like settings, and are none.
    static func warnings(_ names: [String]) -> [String] {
        let known = (Setting.all.map(\.environmentVariable) + [ofConfiguration]).map {
            String($0.dropFirst(prefix.count))
        }
        return names.filter { $0.hasPrefix(prefix) }.sorted().compactMap { name in
            let rest = String(name.dropFirst(prefix.count))
            guard !known.contains(rest), !ofOthers.contains(rest) else { return nil }
            return "\(name) in the environment is no setting" + Suggestion.text(for: rest, among: known, prefix: prefix)
        }
    }
}
