/// One line on standard error that grows while a file is sent, if a person is looking.
struct ProgressBar {
    private let isShown = StandardError.isTerminal
    /// Bytes to be sent in all, if that is known.
    private let total: Int?
    private let begin = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?

    init(total: Int?) {
        self.total = total
    }

    private var seconds: Double { (ContinuousClock.now - begin) / .seconds(1) }

    /// Redrawn ten times a second at most.
    mutating func show(messages: Int, bytes: Int) {
        guard isShown else { return }
        let now = ContinuousClock.now
        if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
        lastDrawn = now
        StandardError.write("\r\u{1B}[K" + Self.line(messages: messages, bytes: bytes, total: total, seconds: seconds))
    }

    /// The line itself: a bar if the total is known, the count and the rate.
    static func line(messages: Int, bytes: Int, total: Int?, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(messages) / seconds : 0
        let figures = "\(messages) messages  \(rate.asFigure)/s"
        guard let total, total > 0 else { return figures }
        let share = min(1, Double(bytes) / Double(total))
        let width = 30
        let full = Int(share * Double(width))
        let bar = String(repeating: "█", count: full) + String(repeating: "·", count: width - full)
        return "\(bar) \(Int(share * 100))%  \(figures)"
    }

    /// Takes the bar away and says what was done.
    func finish(messages: Int) {
        let clear = isShown ? "\r\u{1B}[K" : ""
        let rate = seconds > 0 ? Double(messages) / seconds : 0
        StandardError.write("\(clear)\(messages) messages sent in \(seconds.asDuration) (\(rate.asFigure)/s)\n")
    }
}
