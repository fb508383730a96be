/// One line of a report: what was measured, and its figures.
struct Measurement {
    let name: String
    var figures: [Figure]

    /// A load that ran for `seconds`.
    init(_ name: String, _ tally: Tally, seconds: Double, _ use: ProcessorUse, residentBytes: Int?) {
        self.name = name
        figures = [
            Figure("messages_per_second", "messages/s", Double(tally.messages) / seconds),
            Figure("requests_per_second", "requests/s", Double(tally.replies) / seconds),
        ]
        if let cpuTime = use.ofServer {
            let perMessage = Double(cpuTime) / 1e3 / Double(max(1, tally.messages))
            figures.append(Figure("cpu_per_message_us", "CPU µs/msg", perMessage, digits: 2))
        }
        figures += Self.busy(use, seconds)
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

    /// CPU seconds a second: how many processors each side kept busy. A side that is at its number of threads sets the
    /// pace; if that is the load and not the server, a figure says little of the server.
    private static func busy(_ use: ProcessorUse, _ seconds: Double) -> [Figure] {
        let sides = [("server_busy", "server busy", use.ofServer), ("load_busy", "load busy", use.ofLoad)]
        return sides.compactMap { key, title, time in
            time.map { Figure(key, title, Double($0) / 1e9 / seconds, digits: 2) }
        }
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
