import MartletClient

extension Client {
    /// All pages of the list of the queues.
    func allQueues(match: String? = nil) async throws -> [QueueSummary] {
        let page = 1000
        var all: [QueueSummary] = []
        while true {
            let some = try await queues(match: match, max: page, after: all.last?.queue)
            all += some
            if some.count < page { return all }
        }
    }

    /// The figures of many queues, asked for at once. A queue that has gone meanwhile is left out.
    func statistics(of queues: some Sequence<String>) async throws -> [QueueStatistics] {
        try await withThrowingTaskGroup(of: (Int, QueueStatistics?).self) { group in
            for (place, queue) in queues.enumerated() {
                group.addTask {
                    do {
                        return (place, try await self.statistics(of: queue))
                    } catch let error as MartletError where error.code == .noQueue {
                        return (place, nil)
                    }
                }
            }
            var found: [(place: Int, figures: QueueStatistics)] = []
            for try await (place, figures) in group {
                if let figures { found.append((place, figures)) }
            }
            return found.sorted { $0.place < $1.place }.map(\.figures)
        }
    }
}
