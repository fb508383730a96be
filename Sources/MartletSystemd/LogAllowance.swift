/// How many lines peers may cause in the log: a burst, and then some in each span of time. The rest is counted.
///
///     switch allowance.take(now: now) {
///     case .write(let suppressed): …        // and say how many were left out before it
///     case .suppress: break
///     }
///
/// Nothing happens by itself: the count of the last lines left out is told by the next one that is written.
package struct LogAllowance: Sendable {
    package enum Verdict: Equatable {
        /// Write the line; so many before it were left out.
        case write(suppressed: Int)
        case suppress
    }

    private let burst: Int
    /// Milliseconds.
    private let span: Int
    private var spanStart = Int.min
    private var written = 0
    private var suppressed = 0

    /// - Parameters:
    ///   - burst: lines in one span.
    ///   - span: milliseconds.
    package init(burst: Int, span: Int) {
        self.burst = burst
        self.span = span
    }

    /// - Parameter now: monotonic milliseconds.
    package mutating func take(now: Int) -> Verdict {
        if spanStart == .min || now - spanStart >= span {
            spanStart = now
            written = 0
        }
        guard written < burst else {
            suppressed += 1
            return .suppress
        }
        written += 1
        defer { suppressed = 0 }
        return .write(suppressed: suppressed)
    }
}
