/// The settings of a queue (protocol.md § 5), as the reference model keeps them. Durations are milliseconds.
struct ModelSettings {
    var lease = 30_000
    var maxAttempts = 0
    var deadLetter: String?
    var retryInitial = 0
    var retryFactor = 1
    var retryMaximum = 0
    var ttl = 0
    var expiredDie = false
    var maxMessages = 0
    var maxBytes = 0
    var dropsOldest = false
    var dedupWindow = 300_000
    var rate = 0.0
    var burst = 0
    var history = 0
    var temporary = false
    var expireUnused = 0
    var groupConcurrency = 1

    /// Milliseconds before the next delivery after so many that failed.
    func retryDelay(afterAttempts attempts: Int) -> Int {
        var delay = retryInitial
        for _ in 1..<max(attempts, 1) { delay = min(delay * retryFactor, retryMaximum) }
        return min(delay, retryMaximum)
    }

    /// The object that `declare` answers with.
    var json: String {
        let retry =
            retryFactor == 1 && retryMaximum == retryInitial
            ? seconds(retryInitial)
            : "{\"initial\":\(seconds(retryInitial)),\"factor\":\(retryFactor),\"max\":\(seconds(retryMaximum))}"
        let members: [(String, String)] = [
            ("lease", seconds(lease)), ("max_attempts", "\(maxAttempts)"),
            ("dead_letter", deadLetter.map { "\"\($0)\"" } ?? "null"), ("retry_delay", retry),
            ("ttl", seconds(ttl)), ("on_expire", expiredDie ? "\"dead\"" : "\"drop\""),
            ("max_messages", "\(maxMessages)"), ("max_bytes", "\(maxBytes)"),
            ("overflow", dropsOldest ? "\"drop_oldest\"" : "\"reject\""), ("dedup_window", seconds(dedupWindow)),
            ("rate", shortest(rate)), ("burst", "\(burst)"), ("history", "\(history)"),
            ("temporary", "\(temporary)"), ("expire_unused", seconds(expireUnused)),
            ("group_concurrency", "\(groupConcurrency)"),
        ]
        return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }
}

/// One setting that a `declare` names.
enum ModelSetting {
    case lease(Int)
    case maxAttempts(Int)
    case deadLetter(String?)
    case retryDelay(initial: Int, factor: Int, maximum: Int)
    case ttl(Int)
    case expiredDie(Bool)
    case maxMessages(Int)
    case maxBytes(Int)
    case dropsOldest(Bool)
    case dedupWindow(Int)
    case rate(Double)
    case burst(Int)
    case history(Int)
    case temporary(Bool)
    case groupConcurrency(Int)

    /// The member of a `declare`.
    var json: String {
        switch self {
        case .lease(let value): "\"lease\":\(seconds(value))"
        case .maxAttempts(let value): "\"max_attempts\":\(value)"
        case .deadLetter(let name): "\"dead_letter\":" + (name.map { "\"\($0)\"" } ?? "null")
        case .retryDelay(let initial, 1, _): "\"retry_delay\":\(seconds(initial))"
        case .retryDelay(let initial, let factor, let maximum):
            "\"retry_delay\":{\"initial\":\(seconds(initial)),\"factor\":\(factor),\"max\":\(seconds(maximum))}"
        case .ttl(let value): "\"ttl\":\(seconds(value))"
        case .expiredDie(let value): value ? "\"on_expire\":\"dead\"" : "\"on_expire\":\"drop\""
        case .maxMessages(let value): "\"max_messages\":\(value)"
        case .maxBytes(let value): "\"max_bytes\":\(value)"
        case .dropsOldest(let value): value ? "\"overflow\":\"drop_oldest\"" : "\"overflow\":\"reject\""
        case .dedupWindow(let value): "\"dedup_window\":\(seconds(value))"
        case .rate(let value): "\"rate\":\(shortest(value))"
        case .burst(let value): "\"burst\":\(value)"
        case .history(let value): "\"history\":\(value)"
        case .temporary(let value): "\"temporary\":\(value)"
        case .groupConcurrency(let value): "\"group_concurrency\":\(value)"
        }
    }

    func apply(to settings: inout ModelSettings) {
        switch self {
        case .lease(let value): settings.lease = value
        case .maxAttempts(let value): settings.maxAttempts = value
        case .deadLetter(let name): settings.deadLetter = name
        case .retryDelay(let initial, let factor, let maximum):
            (settings.retryInitial, settings.retryFactor, settings.retryMaximum) = (initial, factor, maximum)
        case .ttl(let value): settings.ttl = value
        case .expiredDie(let value): settings.expiredDie = value
        case .maxMessages(let value): settings.maxMessages = value
        case .maxBytes(let value): settings.maxBytes = value
        case .dropsOldest(let value): settings.dropsOldest = value
        case .dedupWindow(let value): settings.dedupWindow = value
        case .rate(let value): settings.rate = value
        case .burst(let value): settings.burst = value
        case .history(let value): settings.history = value
        case .temporary(let value): settings.temporary = value
        case .groupConcurrency(let value): settings.groupConcurrency = value
        }
    }
}

/// Milliseconds as seconds, with as many decimals as needed.
func seconds(_ milliseconds: Int) -> String {
    guard milliseconds % 1000 != 0 else { return "\(milliseconds / 1000)" }
    var fraction = String(1000 + milliseconds % 1000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return "\(milliseconds / 1000).\(fraction)"
}

/// A number without a fraction that is zero.
func shortest(_ number: Double) -> String {
    number == number.rounded() ? "\(Int(number))" : "\(number)"
}
