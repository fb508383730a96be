import MartletProtocol

extension ByteBuffer {
    /// All settings of a queue, as one object in the words of `declare`.
    mutating func append(_ settings: QueueSettings) {
        append("{\"lease\":")
        append(number: Double(settings.lease) / 1000)
        append(",\"max_attempts\":")
        append(integer: settings.maxAttempts)
        append(",\"dead_letter\":")
        if let name = settings.deadLetter { append(quoted: name) } else { append("null") }
        append(",\"retry_delay\":")
        append(settings.retryDelay)
        append(",\"ttl\":")
        append(number: Double(settings.ttl) / 1000)
        append(settings.onExpire == .drop ? ",\"on_expire\":\"drop\"" : ",\"on_expire\":\"dead\"")
        append(",\"max_messages\":")
        append(integer: settings.maxMessages)
        append(",\"max_bytes\":")
        append(integer: settings.maxBytes)
        append(settings.overflow == .reject ? ",\"overflow\":\"reject\"" : ",\"overflow\":\"drop_oldest\"")
        append(",\"dedup_window\":")
        append(number: Double(settings.dedupWindow) / 1000)
        append(",\"rate\":")
        append(exactly: settings.rate)
        append(",\"burst\":")
        append(integer: settings.burst)
        append(",\"history\":")
        append(integer: settings.history)
        append(settings.temporary ? ",\"temporary\":true" : ",\"temporary\":false")
        append(",\"expire_unused\":")
        append(number: Double(settings.expireUnused) / 1000)
        append(",\"group_concurrency\":")
        append(integer: settings.groupConcurrency)
        append("}")
    }

    private mutating func append(_ delay: RetryDelay) {
        guard delay.factor != 1 || delay.maximum != delay.initial else {
            return append(number: Double(delay.initial) / 1000)
        }
        append("{\"initial\":")
        append(number: Double(delay.initial) / 1000)
        append(",\"factor\":")
        append(exactly: delay.factor)
        append(",\"max\":")
        append(number: Double(delay.maximum) / 1000)
        append("}")
    }
}
