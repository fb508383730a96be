/// How long to wait before each attempt to reach a server again: exponential back-off with jitter.
///
/// A wait lies between half and all of `initial × 2ⁿ`, and `maximum` bounds it: after a restart of the broker its
/// clients come back spread out, not all at once.
public struct ReconnectPolicy: Equatable, Sendable {
    /// The wait before the first attempt.
    public var initial: Duration
    public var maximum: Duration
    /// Attempts in a row before the client gives up; nil tries for ever.
    public var attempts: Int?

    public init(initial: Duration = .milliseconds(100), maximum: Duration = .seconds(10), attempts: Int? = nil) {
        self.initial = initial
        self.maximum = maximum
        self.attempts = attempts
    }

    /// A lost connection is the end of the client.
    public static let never = ReconnectPolicy(attempts: 0)

    /// The wait before attempt `attempt` (1, 2, …); nil if the client should give up.
    func delay(before attempt: Int, using random: inout some RandomNumberGenerator) -> Duration? {
        if let attempts, attempt > attempts { return nil }
        // Beyond 2³⁰ the maximum has long been reached, and the shift must not overflow.
        let factor = 1 << min(attempt - 1, 30)
        let full = min(initial * factor, maximum)
        return full * Double.random(in: 0.5...1, using: &random)
    }
}
