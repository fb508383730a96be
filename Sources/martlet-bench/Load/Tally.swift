import Histogram

/// What one loop has counted. Nothing is counted before `isMeasuring`.
final class Tally {
    /// Nanoseconds, three significant digits, up to 100 s.
    typealias Latencies = Histogram<UInt64>

    var isMeasuring = false
    /// Messages that went all the way that the scenario sends them.
    private(set) var messages = 0
    /// Requests confirmed.
    private(set) var replies = 0
    private(set) var empty = 0
    private(set) var refused = 0
    /// From when a request was due until its reply was read.
    private(set) var requestLatency = Tally.emptyLatencies()
    /// From when a message was due to be sent until it was through: deleted, or delivered where that is the scenario.
    private(set) var messageLatency = Tally.emptyLatencies()
    /// Connections that still have work.
    var working = 0

    static func emptyLatencies() -> Latencies {
        Latencies(lowestDiscernibleValue: 100, highestTrackableValue: 100_000_000_000)
    }

    func record(replies count: Int, latency: Nanoseconds) {
        guard isMeasuring, count > 0 else { return }
        replies += count
        requestLatency.record(min(latency, 100_000_000_000), count: UInt64(count))
    }

    func record(messages count: Int, latency: Nanoseconds) {
        guard isMeasuring, count > 0 else { return }
        messages += count
        messageLatency.record(min(latency, 100_000_000_000), count: UInt64(count))
    }

    func countMessages(_ count: Int) { if isMeasuring { messages += count } }

    func countEmpty() { if isMeasuring { empty += 1 } }

    /// An error of the server's: told a few times, and the end of the measurement when it does not stop.
    func refuse(_ text: UnsafeRawBufferPointer) throws {
        refused += 1
        if refused > 3 && refused < 1000 { return }
        let words = String(decoding: text.prefix(300).prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
        if refused >= 1000 { throw LoadError("the server refuses: \(words)") }
        StandardError.write("refused: \(words)\n")
    }

    func add(_ other: Tally) {
        messages += other.messages
        replies += other.replies
        empty += other.empty
        refused += other.refused
        requestLatency.add(other.requestLatency)
        messageLatency.add(other.messageLatency)
    }
}
