/// How long a message rests before its next attempt: `initial`, then `factor` times more at each attempt, up to
/// `maximum`.
///
/// On the wire a number of seconds, or `{"initial":1,"factor":2,"max":300}`.
package struct RetryDelay: Equatable, Sendable {
    /// Milliseconds before the second attempt.
    package var initial: Int
    package var factor: Double
    /// Milliseconds; the delay never grows beyond.
    package var maximum: Int

    package init(initial: Int, factor: Double = 1, maximum: Int? = nil) {
        self.initial = initial
        self.factor = factor
        self.maximum = maximum ?? initial
    }

    package static let none = RetryDelay(initial: 0)

    /// The delay in milliseconds after `attempts` deliveries have failed (1, 2, …).
    package func delay(afterAttempts attempts: Int) -> Int {
        guard factor > 1, initial > 0 else { return min(initial, maximum) }
        var delay = Double(initial)
        // A delay at its maximum does not grow, so the loop ends early.
        for _ in 1..<max(attempts, 1) {
            delay *= factor
            if delay >= Double(maximum) { return maximum }
        }
        return min(Int(delay), maximum)
    }
}
