import MartletBroker
import MartletProtocol

extension QueueSettingsPatch {
    /// The settings that a parsed `declare` names.
    init(declaration request: Request) {
        self.init()
        lease = request.integer(.lease)
        maxAttempts = request.integer(.maxAttempts)
        // An empty name takes the dead-letter queue away.
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
