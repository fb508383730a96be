import MartletClient

/// Queues and their figures as a table, for `stats` and `top`.
struct StatisticsTable {
    private var table: Table

    /// - Parameter graphs: A small graph for each queue, if there are any.
    init(_ queues: [QueueStatistics], graphs: [String]? = nil) {
        table = Table(
            [
                "QUEUE", "READY", "DELAYED", "LEASED", "DEAD", "CONSUMERS", "SENT/S", "RECEIVED/S", "DELETED/S",
                "OLDEST", "DRAIN",
            ] + (graphs == nil ? [] : ["READY OVER TIME"])
        )
        for (index, queue) in queues.enumerated() {
            table.append(Self.row(queue) + (graphs.map { [$0[index]] } ?? []))
        }
    }

    private static func row(_ queue: QueueStatistics) -> [String] {
        [
            queue.paused == nil ? queue.queue : "\(queue.queue) (paused)", String(queue.ready), String(queue.delayed),
            String(queue.leased), String(queue.dead),
            String(queue.consumers), queue.sendRate.asFigure, queue.receiveRate.asFigure, queue.deleteRate.asFigure,
            queue.oldestReadyAge?.asDuration ?? "-", queue.drainSeconds?.asDuration ?? "-",
        ]
    }

    var lines: [String] { table.lines(lastColumnIsText: true) }
}

extension BrokerStatistics {
    /// The broker itself in three lines.
    func lines(_ address: ServerAddress) -> [String] {
        let limit = memoryLimit > 0 ? " of \(memoryLimit.asBytes)" : ""
        return [
            "martlet \(version) at \(address)  up \(uptime.asDuration)  durability \(durability)",
            "\(queues.counted("queue"))  \(connections.counted("connection"))  memory \(memoryBytes.asBytes)\(limit)",
            "\(ready) ready  \(delayed) delayed  \(leased) leased  \(dead) dead  "
                + "\(sendRate.asFigure) sent/s  \(receiveRate.asFigure) received/s  \(deleteRate.asFigure) deleted/s",
        ]
    }
}
