import MartletProtocol

// A queue's settings as a field of a record: eight bytes a setting in this order, then the dead-letter queue's name
// (empty for none).
extension Recorder {
    mutating func put(_ settings: QueueSettings) {
        for number in [
            settings.lease, settings.maxAttempts, settings.ttl, settings.onExpire.rawValue, settings.maxMessages,
            settings.maxBytes, settings.overflow.rawValue, settings.dedupWindow, settings.burst, settings.history,
            settings.temporary ? 1 : 0, settings.expireUnused, settings.groupConcurrency, settings.retryDelay.initial,
            settings.retryDelay.maximum,
        ] {
            put(number)
        }
        put(settings.retryDelay.factor.bitPattern)
        put(settings.rate.bitPattern)
        put(text: settings.deadLetter ?? "")
    }
}

extension RecordReader {
    mutating func settings() throws(RecordDefect) -> QueueSettings {
        var settings = QueueSettings()
        settings.lease = try number(Int.self)
        settings.maxAttempts = try number(Int.self)
        settings.ttl = try number(Int.self)
        settings.onExpire = try choice(QueueSettings.Expiry.self)
        settings.maxMessages = try number(Int.self)
        settings.maxBytes = try number(Int.self)
        settings.overflow = try choice(QueueSettings.Overflow.self)
        settings.dedupWindow = try number(Int.self)
        settings.burst = try number(Int.self)
        settings.history = try number(Int.self)
        settings.temporary = try number(Int.self) != 0
        settings.expireUnused = try number(Int.self)
        settings.groupConcurrency = try number(Int.self)
        settings.retryDelay.initial = try number(Int.self)
        settings.retryDelay.maximum = try number(Int.self)
        settings.retryDelay.factor = Double(bitPattern: try number(UInt64.self))
        settings.rate = Double(bitPattern: try number(UInt64.self))
        let deadLetter = try text()
        settings.deadLetter = deadLetter.isEmpty ? nil : deadLetter
        return settings
    }

    private mutating func choice<Choice: RawRepresentable<Int>>(_ type: Choice.Type) throws(RecordDefect) -> Choice {
        let number = try number(Int.self)
        guard let choice = Choice(rawValue: number) else { throw RecordDefect("a queue has no setting \(number)") }
        return choice
    }
}
