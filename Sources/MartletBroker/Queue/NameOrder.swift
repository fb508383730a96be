/// The queues in the order of their names, for listings.
///
/// A hundred thousand names take too long to be sorted while everybody waits, so they are kept in order as queues come
/// and go: in runs of at most 512, so that a queue is put in its place by two binary searches and a short move.
///
/// Invariant: no run is empty, and all names are in ascending order.
struct NameOrder {
    private static let longestRun = 512

    private var runs: [[Queue]] = []

    mutating func insert(_ queue: Queue) {
        guard !runs.isEmpty else { return runs.append([queue]) }
        let run = self.run(for: queue.name)
        runs[run].insert(queue, at: place(of: queue.name, in: runs[run]))
        guard runs[run].count > Self.longestRun else { return }
        let half = Self.longestRun / 2
        runs.insert(Array(runs[run][half...]), at: run + 1)
        runs[run].removeSubrange(half...)
    }

    mutating func remove(_ queue: Queue) {
        let run = self.run(for: queue.name)
        let place = place(of: queue.name, in: runs[run])
        precondition(runs[run][place] === queue, "a queue that is removed was inserted")
        runs[run].remove(at: place)
        if runs[run].isEmpty { runs.remove(at: run) }
    }

    /// Hands over the queues behind a name, or all of them, in order, until `body` returns false.
    func forEach(after name: String?, _ body: (Queue) -> Bool) {
        guard !runs.isEmpty else { return }
        let start = name.map { run(for: $0) } ?? 0
        for queue in runs[start] {
            if let name, queue.name <= name { continue }
            guard body(queue) else { return }
        }
        for run in runs[(start + 1)...] {
            for queue in run { guard body(queue) else { return } }
        }
    }

    /// The run in which a name stands or would stand; there is one.
    private func run(for name: String) -> Int {
        var (low, high) = (0, runs.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle][0].name <= name { low = middle } else { high = middle }
        }
        return low
    }

    /// Where a name stands or would stand.
    private func place(of name: String, in run: [Queue]) -> Int {
        var (low, high) = (0, run.count)
        while low < high {
            let middle = (low + high) / 2
            if run[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
