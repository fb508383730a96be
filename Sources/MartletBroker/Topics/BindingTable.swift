/// Which queues get a copy of what is published to a topic.
///
/// Literal patterns are found by hash, the others in a tree.
struct BindingTable {
    private var literal: [String: SortedSet<UInt32>] = [:]
    private var wild = PatternTree()
    private var patterns: [UInt32: SortedSet<String>] = [:]
    /// But for those of queues that are gone.
    private(set) var count = 0
    /// Bytes of the texts of those that are counted.
    private(set) var bytes = 0

    func contains(_ pattern: String, _ queue: UInt32) -> Bool { patterns[queue]?.contains(pattern) ?? false }

    /// The patterns that a queue is bound to, in their order as texts.
    func patterns(of queue: UInt32) -> [String] { patterns[queue]?.elements ?? [] }

    /// Those of them that come behind one.
    func patterns(of queue: UInt32, after pattern: String?) -> ArraySlice<String> {
        patterns[queue]?.elements(after: pattern) ?? []
    }

    /// The queues bound to a topic, each once, in the order of their index.
    mutating func queues(for topic: String) -> [UInt32] {
        let found = literal[topic]?.elements ?? []
        guard !wild.isEmpty else { return found }
        let others = wild.queues(for: PatternTree.words(of: topic))
        return others.isEmpty ? found : Set(found + others).sorted()
    }

    mutating func insert(_ pattern: String, _ queue: UInt32) {
        guard patterns[queue, default: SortedSet()].insert(pattern) else { return }
        count += 1
        bytes += pattern.utf8.count
        if Self.isLiteral(pattern) {
            literal[pattern, default: SortedSet()].insert(queue)
        } else {
            wild.insert(pattern, queue)
        }
    }

    mutating func remove(_ pattern: String, _ queue: UInt32) {
        guard patterns[queue]?.remove(pattern) ?? false else { return }
        if patterns[queue]?.isEmpty == true { patterns[queue] = nil }
        count -= 1
        bytes -= pattern.utf8.count
        removeFromTopics(pattern, queue)
    }

    /// The queue is gone: its bindings count no more, and are removed by and by.
    mutating func abandon(_ queue: UInt32) {
        let abandoned = patterns(of: queue)
        count -= abandoned.count
        bytes -= abandoned.reduce(0) { $0 + $1.utf8.count }
    }

    /// Removes at most so many bindings of a queue that is gone. Returns whether there are no more.
    mutating func remove(_ limit: Int, of queue: UInt32) -> Bool {
        var rest = limit
        while rest > 0, let count = patterns[queue]?.elements.count, count > 0 {
            rest -= 1
            if let pattern = patterns[queue]?.removeLast() { removeFromTopics(pattern, queue) }
            if count == 1 { patterns[queue] = nil }
        }
        return patterns[queue] == nil
    }

    private mutating func removeFromTopics(_ pattern: String, _ queue: UInt32) {
        guard Self.isLiteral(pattern) else { return wild.remove(pattern, queue) }
        literal[pattern]?.remove(queue)
        if literal[pattern]?.isEmpty == true { literal[pattern] = nil }
    }

    /// Without `*` and `#` a pattern matches only the topic of the same text.
    private static func isLiteral(_ pattern: String) -> Bool {
        !PatternTree.words(of: pattern).contains(where: PatternTree.isWild)
    }
}
