/// How a queue behaves. In a declaration nil leaves a setting as it is; in an answer all are there.
///
///     var settings = QueueSettings()
///     settings.lease = .seconds(60)
///     settings.maxAttempts = 5
///     try await client.declare("jobs", settings)
public struct QueueSettings: Equatable, Sendable {
    /// How long a consumer has a message; 30 s by default.
    public var lease: Duration?
    /// Deliveries before a message is dead; 0 is no limit.
    public var maxAttempts: Int?
    /// The queue that takes dead messages. An empty name keeps them in their own queue.
    public var deadLetter: String?
    /// How long a message rests between attempts.
    public var retryDelay: RetryDelay?
    /// After this a message expires; 0 is never.
    public var timeToLive: Duration?
    public var onExpire: Expiry?
    /// 0 is no limit.
    public var maxMessages: Int?
    /// 0 is no limit.
    public var maxBytes: Int?
    public var overflow: Overflow?
    /// How long a `dedup` value is remembered; 300 s by default.
    public var dedupWindow: Duration?
    /// Messages delivered a second at most; 0 is no limit.
    public var rate: Double?
    /// Messages that may leave at once after a pause.
    public var burst: Int?
    /// Records of ended messages that are kept.
    public var history: Int?
    /// The queue goes with the connection that declared it.
    public var isTemporary: Bool?
    /// An auto-created queue that is unused for so long goes away; 0 is never.
    public var expireUnused: Duration?
    /// Messages of one group that may be leased at once; 1 by default.
    public var groupConcurrency: Int?

    public init() {}

    /// What becomes of a message that expires.
    public enum Expiry: String, CaseIterable, Sendable {
        case drop
        case dead
    }

    /// What a full queue does.
    public enum Overflow: String, CaseIterable, Sendable {
        case reject
        case dropOldest = "drop_oldest"
    }
}

/// How long a message rests before its next attempt: `initial`, then `factor` times more each time, up to `maximum`.
public struct RetryDelay: Equatable, Sendable {
    public var initial: Duration
    public var factor: Double
    public var maximum: Duration?

    public init(initial: Duration, factor: Double = 1, maximum: Duration? = nil) {
        self.initial = initial
        self.factor = factor
        self.maximum = maximum
    }

    var json: [UInt8] {
        if factor == 1, maximum == nil { return Array(String(initial.fractionalSeconds).utf8) }
        var object = RequestLine()
        object.add("initial", initial)
        object.add("factor", factor)
        object.add("max", maximum)
        return object.object
    }
}

extension QueueSettings {
    func write(to line: inout RequestLine) {
        line.add("lease", lease)
        line.add("max_attempts", maxAttempts)
        line.add("dead_letter", deadLetter)
        if let retryDelay { line.add("retry_delay", json: retryDelay.json) }
        line.add("ttl", timeToLive)
        line.add("on_expire", onExpire?.rawValue)
        line.add("max_messages", maxMessages)
        line.add("max_bytes", maxBytes)
        line.add("overflow", overflow?.rawValue)
        line.add("dedup_window", dedupWindow)
        line.add("rate", rate)
        line.add("burst", burst)
        line.add("history", history)
        line.add("temporary", isTemporary)
        line.add("expire_unused", expireUnused)
        line.add("group_concurrency", groupConcurrency)
    }

    init(_ object: JSONObject) {
        lease = object["lease"]?.duration
        maxAttempts = object["max_attempts"]?.integer
        deadLetter = object["dead_letter"]?.string
        retryDelay = object["retry_delay"].flatMap(RetryDelay.init)
        timeToLive = object["ttl"]?.duration
        onExpire = object["on_expire"]?.string.flatMap(Expiry.init)
        maxMessages = object["max_messages"]?.integer
        maxBytes = object["max_bytes"]?.integer
        overflow = object["overflow"]?.string.flatMap(Overflow.init)
        dedupWindow = object["dedup_window"]?.duration
        rate = object["rate"]?.number
        burst = object["burst"]?.integer
        history = object["history"]?.integer
        isTemporary = object["temporary"]?.isTrue
        expireUnused = object["expire_unused"]?.duration
        groupConcurrency = object["group_concurrency"]?.integer
    }
}

extension RetryDelay {
    init?(_ slice: JSONSlice) {
        if let duration = slice.duration {
            self.init(initial: duration)
        } else if let object = slice.object, let initial = object["initial"]?.duration {
            self.init(initial: initial, factor: object["factor"]?.number ?? 1, maximum: object["max"]?.duration)
        } else {
            return nil
        }
    }
}
