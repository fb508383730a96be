/// Which queues get a copy of what is published to a topic.
///
/// Literal patterns are found by hash, the others are tried one by one.
struct BindingTable {
    private var literal: [String: [UInt32]] = [:]
    private var wild: [(pattern: TopicPattern, queue: UInt32)] = []
    private var patterns: [UInt32: [String]] = [:]
    private(set) var count = 0

    func contains(_ pattern: String, _ queue: UInt32) -> Bool { patterns[queue]?.contains(pattern) ?? false }

    /// The patterns that a queue is bound to, in the order of their binding.
    func patterns(of queue: UInt32) -> [String] { patterns[queue] ?? [] }

    /// The queues bound to a topic, each once, in the order of their index.
    func queues(for topic: String) -> [UInt32] {
        var found = literal[topic] ?? []
        let literalCount = found.count
        if !wild.isEmpty {
            let words = topic.split(separator: ".", omittingEmptySubsequences: false)
            for binding in wild where binding.pattern.matches(words) { found.append(binding.queue) }
        }
        guard found.count > 1 else { return found }
        // A queue is bound to one literal pattern once.
        return found.count == literalCount ? found.sorted() : Set(found).sorted()
    }

    mutating func insert(_ pattern: String, _ queue: UInt32) {
        guard !contains(pattern, queue) else { return }
        count += 1
        patterns[queue, default: []].append(pattern)
        let parsed = TopicPattern(pattern)
        if parsed.isLiteral { literal[pattern, default: []].append(queue) } else { wild.append((parsed, queue)) }
    }

    mutating func remove(_ pattern: String, _ queue: UInt32) {
        guard contains(pattern, queue) else { return }
        count -= 1
        patterns[queue]?.removeAll { $0 == pattern }
        if patterns[queue]?.isEmpty == true { patterns[queue] = nil }
        literal[pattern]?.removeAll { $0 == queue }
        if literal[pattern]?.isEmpty == true { literal[pattern] = nil }
        wild.removeAll { $0.queue == queue && $0.pattern.text == pattern }
    }

    mutating func removeAll(of queue: UInt32) {
        for pattern in patterns(of: queue) { remove(pattern, queue) }
    }
}
