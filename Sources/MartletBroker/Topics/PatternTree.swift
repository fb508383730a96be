/// Patterns for topics as a tree of their words: dot-separated, where `*` stands for one word and `#` for any number of
/// words.
///
/// A topic walks down all branches that it matches at once, a word at a time; so it meets only patterns that begin as
/// it does, however many there are. No node is visited twice for one word, whatever the patterns: a hundred `#` in a
/// row cost a hundred steps a word.
struct PatternTree {
    private struct Node {
        var words: [Substring: Int] = [:]
        /// The nodes behind `*` and `#`; 0 for none.
        var star = 0
        var hash = 0
        /// Whether it is itself behind a `#`, and so swallows any word.
        var isHash = false
        /// The queues bound to the pattern that ends here.
        var queues = SortedSet<UInt32>()
        /// The step of a match that it was last visited in.
        var visitedIn = 0

        var isLeaf: Bool { words.isEmpty && star == 0 && hash == 0 && queues.isEmpty }
    }

    /// The root is the first.
    private var nodes: [Node] = [Node()]
    private var vacant: [Int] = []
    private var step = 0

    var isEmpty: Bool { nodes[0].isLeaf }

    static func words(of text: String) -> [Substring] {
        text.split(separator: ".", omittingEmptySubsequences: false)
    }

    static func isWild(_ word: Substring) -> Bool { word == "*" || word == "#" }

    mutating func insert(_ pattern: String, _ queue: UInt32) {
        var node = 0
        for word in Self.words(of: pattern) { node = child(of: node, word) ?? addChild(to: node, word) }
        nodes[node].queues.insert(queue)
    }

    /// Branches that lead to no queue any more go with it.
    mutating func remove(_ pattern: String, _ queue: UInt32) {
        let words = Self.words(of: pattern)
        var path = [0]
        for word in words {
            guard let node = child(of: path[path.count - 1], word) else { return }
            path.append(node)
        }
        nodes[path[path.count - 1]].queues.remove(queue)
        for depth in words.indices.reversed() {
            guard nodes[path[depth + 1]].isLeaf else { return }
            setChild(of: path[depth], words[depth], 0)
            nodes[path[depth + 1]] = Node()
            vacant.append(path[depth + 1])
        }
    }

    /// The queues bound to patterns that the topic matches; one that is bound to several is there several times.
    mutating func queues(for topic: [Substring]) -> [UInt32] {
        var reached = visitAll([0])
        for word in topic {
            guard !reached.isEmpty else { return [] }
            reached = visitAll(behind(reached, word))
        }
        return reached.flatMap { nodes[$0].queues.elements }
    }

    // MARK: Walking

    /// Where a word leads from these nodes.
    private func behind(_ reached: [Int], _ word: Substring) -> [Int] {
        var next: [Int] = []
        for node in reached {
            if nodes[node].isHash { next.append(node) }
            if nodes[node].star != 0 { next.append(nodes[node].star) }
            if let child = nodes[node].words[word] { next.append(child) }
        }
        return next
    }

    /// These nodes, and those that are reached from them without a word, since a `#` may stand for none; each once.
    private mutating func visitAll(_ reached: [Int]) -> [Int] {
        step += 1
        var visited: [Int] = []
        for start in reached {
            var node = start
            repeat {
                guard nodes[node].visitedIn != step else { break }
                nodes[node].visitedIn = step
                visited.append(node)
                node = nodes[node].hash
            } while node != 0
        }
        return visited
    }

    // MARK: Children

    private func child(of node: Int, _ word: Substring) -> Int? {
        switch word {
        case "*": nodes[node].star == 0 ? nil : nodes[node].star
        case "#": nodes[node].hash == 0 ? nil : nodes[node].hash
        default: nodes[node].words[word]
        }
    }

    private mutating func addChild(to node: Int, _ word: Substring) -> Int {
        let child = vacant.popLast() ?? nodes.count
        if child == nodes.count { nodes.append(Node()) }
        nodes[child].isHash = word == "#"
        setChild(of: node, word, child)
        return child
    }

    /// - Parameter child: 0 takes it away.
    private mutating func setChild(of node: Int, _ word: Substring, _ child: Int) {
        switch word {
        case "*": nodes[node].star = child
        case "#": nodes[node].hash = child
        default: nodes[node].words[word] = child == 0 ? nil : child
        }
    }
}
