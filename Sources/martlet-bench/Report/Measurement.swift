/// One line of a report: what was measured, and its figures.
struct Measurement {
    let name: String
    var figures: [Figure]

    /// A load that ran for `seconds`.
    init(_ name: String, _ tally: Tally, seconds: Double, cpuTime: Nanoseconds?, residentBytes: Int?) {
        self.name = name
        figures = [
            Figure("messages_per_second", "messages/s", Double(tally.messages) / seconds),
            Figure("requests_per_second", "requests/s", Double(tally.replies) / seconds),
        ]
        if let cpuTime {
            figures.append(
                Figure(
                    "cpu_per_message_us",
                    "CPU µs/msg",
                    Double(cpuTime) / 1e3 / Double(max(1, tally.messages)),
                    digits: 2
                )
            )
        }
        if tally.replies > 0 { figures += Self.latencies(tally.requestLatency, "request", "") }
        if tally.messageLatency.totalCount > 0 { figures += Self.latencies(tally.messageLatency, "message", "msg ") }
        if let residentBytes { figures.append(Figure("resident_mb", "RSS MB", Double(residentBytes) / 1e6, digits: 1)) }
        if tally.empty > 0 { figures.append(Figure("empty_receives", "empty", Double(tally.empty))) }
        figures.append(Figure("refused", "refused", Double(tally.refused)))
    }

    init(_ name: String, _ figures: [Figure]) {
        self.name = name
        self.figures = figures
    }

    static func latencies(_ histogram: Tally.Latencies, _ key: String, _ title: String) -> [Figure] {
        let percentiles = [(50, "p50"), (90, "p90"), (99, "p99"), (99.9, "p99.9"), (100, "max")]
        return percentiles.map { percentile, name in
            let value = Double(histogram.valueAtPercentile(percentile)) / 1e3
            return Figure("\(key)_\(name.filter { $0 != "." })_us", "\(title)\(name) µs", value, digits: 1)
        }
    }

    func figure(_ key: String) -> Figure? { figures.first { $0.key == key } }
}
