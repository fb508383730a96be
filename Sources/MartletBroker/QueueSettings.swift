package import MartletProtocol

/// How one queue behaves (protocol.md § 5). Durations are milliseconds; 0 means "no limit" or "never" where it stands.
package struct QueueSettings: Equatable, Sendable {
    package enum Expiry: Int, Sendable { case drop, dead }
    package enum Overflow: Int, Sendable { case reject, dropOldest }

    package var lease = 30_000
    package var maxAttempts = 0
    /// The queue that takes what dies here; nil keeps it here as `dead`.
    package var deadLetter: String?
    package var retryDelay = RetryDelay.none
    package var ttl = 0
    package var onExpire = Expiry.drop
    package var maxMessages = 0
    package var maxBytes = 0
    package var overflow = Overflow.reject
    package var dedupWindow = 300_000
    /// Messages delivered a second at most.
    package var rate = 0.0
    /// Messages that may leave at once after a pause; 0 stands for one second's worth, at least one.
    package var burst = 0
    /// Records of ended messages kept.
    package var history = 0
    /// The queue goes with the connection that declared it.
    package var temporary = false
    package var expireUnused = 0
    package var groupConcurrency = 1

    package init() {}
}

/// The settings that a `declare` or a configuration names; the others keep their value.
package struct QueueSettingsPatch: Equatable, Sendable {
    package var lease: Int?
    package var maxAttempts: Int?
    /// `.some(nil)` takes the dead-letter queue away.
    package var deadLetter: String??
    package var retryDelay: RetryDelay?
    package var ttl: Int?
    package var onExpire: QueueSettings.Expiry?
    package var maxMessages: Int?
    package var maxBytes: Int?
    package var overflow: QueueSettings.Overflow?
    package var dedupWindow: Int?
    package var rate: Double?
    package var burst: Int?
    package var history: Int?
    package var temporary: Bool?
    package var expireUnused: Int?
    package var groupConcurrency: Int?

    package init() {}

    /// The settings that a parsed `declare` names.
    package init(_ request: Request) {
        lease = request.integer(.lease)
        maxAttempts = request.integer(.maxAttempts)
        // An empty name (on the wire also null) takes the dead-letter queue away.
        deadLetter = request.string(.deadLetter).map { $0.isEmpty ? nil : $0 }
        retryDelay = request.retryDelay(.retryDelay)
        ttl = request.integer(.ttl)
        onExpire = request.integer(.onExpire).flatMap(QueueSettings.Expiry.init)
        maxMessages = request.integer(.maxMessages)
        maxBytes = request.integer(.maxBytes)
        overflow = request.integer(.overflow).flatMap(QueueSettings.Overflow.init)
        dedupWindow = request.integer(.dedupWindow)
        rate = request.number(.rate)
        burst = request.integer(.burst)
        history = request.integer(.history)
        temporary = request.has(.temporary) ? request.flag(.temporary) : nil
        expireUnused = request.integer(.expireUnused)
        groupConcurrency = request.integer(.groupConcurrency)
    }
}

extension QueueSettings {
    package mutating func apply(_ patch: QueueSettingsPatch) {
        func set<Value>(_ setting: inout Value, _ value: Value?) {
            if let value { setting = value }
        }
        set(&lease, patch.lease)
        set(&maxAttempts, patch.maxAttempts)
        set(&deadLetter, patch.deadLetter)
        set(&retryDelay, patch.retryDelay)
        set(&ttl, patch.ttl)
        set(&onExpire, patch.onExpire)
        set(&maxMessages, patch.maxMessages)
        set(&maxBytes, patch.maxBytes)
        set(&overflow, patch.overflow)
        set(&dedupWindow, patch.dedupWindow)
        set(&rate, patch.rate)
        set(&burst, patch.burst)
        set(&history, patch.history)
        set(&temporary, patch.temporary)
        set(&expireUnused, patch.expireUnused)
        set(&groupConcurrency, patch.groupConcurrency)
    }
}
