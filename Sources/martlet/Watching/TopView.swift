import MartletClient

/// What `top` shows, as lines of text. It draws nothing itself, so that it can be tested.
struct TopView {
    private let address: ServerAddress
    private var broker: BrokerStatistics?
    private var queues: [QueueStatistics] = []
    private var sent = Sparkline(capacity: 400)
    private var deleted = Sparkline(capacity: 400)
    private var lengths: [String: Sparkline] = [:]
    /// Why there are no new figures.
    private var trouble: String?

    init(address: ServerAddress) {
        self.address = address
    }

    /// New figures have come.
    mutating func update(_ broker: BrokerStatistics, _ queues: [QueueStatistics]) {
        self.broker = broker
        trouble = nil
        sent.append(broker.sendRate)
        deleted.append(broker.deleteRate)
        // The longest on top; the name decides between equals, so that lines do not jump.
        self.queues = queues.sorted { ($1.ready, $0.queue) < ($0.ready, $1.queue) }
        var lengths: [String: Sparkline] = [:]
        for queue in queues {
            var length = self.lengths[queue.queue] ?? Sparkline(capacity: 30)
            length.append(Double(queue.ready))
            lengths[queue.queue] = length
        }
        self.lengths = lengths
    }

    mutating func fail(_ trouble: String) {
        self.trouble = trouble
    }

    /// As many lines as fit, none wider than `width`.
    func lines(width: Int, height: Int) -> [String] {
        guard let broker else { return [String((trouble ?? "waiting for \(address)").prefix(width))] }
        let graph = max(10, width - 30)
        var lines = broker.lines(address)
        lines.append(trouble.map { "! \($0)" } ?? "")
        lines.append("sent/s    \(sent.text(width: graph))  \(broker.sendRate.asFigure)")
        lines.append("deleted/s \(deleted.text(width: graph))  \(broker.deleteRate.asFigure)")
        lines.append("")
        let room = max(0, height - lines.count - 2)
        let shown = Array(queues.prefix(room))
        lines += StatisticsTable(shown, graphs: shown.map { lengths[$0.queue]?.text(width: 20) ?? "" }).lines
        let more = broker.queues - shown.count
        lines.append(more > 0 ? "\(more) more queues, q leaves" : "q leaves")
        return lines.prefix(height).map { String($0.prefix(width)) }
    }
}
