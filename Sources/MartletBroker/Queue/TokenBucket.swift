/// Shapes deliveries to a `rate`: a bucket that holds `burst` tokens and fills at `rate` tokens a second.
struct TokenBucket {
    private var tokens: Double
    private var filledAt: Int
    private let rate: Double
    private let capacity: Double

    /// - Parameters:
    ///   - rate: tokens a second, above 0.
    ///   - burst: 0 stands for one second's worth, at least one.
    ///   - now: monotonic milliseconds; the bucket begins full.
    init(rate: Double, burst: Int, now: Int) {
        self.rate = rate
        capacity = burst > 0 ? Double(burst) : max(1, rate)
        tokens = capacity
        filledAt = now
    }

    private mutating func fill(_ now: Int) {
        tokens = min(capacity, tokens + Double(now - filledAt) * rate / 1000)
        filledAt = now
    }

    /// Takes a token if there is one.
    mutating func take(now: Int) -> Bool {
        fill(now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// Whether there is a token.
    mutating func hasToken(now: Int) -> Bool {
        fill(now)
        return tokens >= 1
    }

    /// Milliseconds that are waited for a token at a time: a day. A rate may be so low that it takes for ever.
    static let longestWait = 86_400_000

    /// The monotonic millisecond at which there is a token again, or a day from now if that is earlier.
    mutating func nextToken(now: Int) -> Int {
        fill(now)
        let wait = (1 - tokens) * 1000 / rate
        return now + Int(max(0, min(Double(Self.longestWait), wait.rounded(.up))))
    }
}
