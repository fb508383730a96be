import Testing

@testable import MartletBroker

/// Patterns against matchers that are written as they are defined.
@Suite struct PatternTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func globsMatchAsDefined(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<3_000 {
            let pattern = String((0..<random.below(7)).map { _ in random.pick(Array("ab*?")) })
            let name = String((0..<random.below(8)).map { _ in random.pick(Array("ab")) })
            let expected = Model.matches(Array(name)[...], glob: Array(pattern)[...])
            #expect(Glob(pattern).matches(name) == expected, "\(pattern) and \(name)")
        }
    }

    /// What is bound and unbound in whatever order is found as if every pattern were tried.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func topicsFindTheQueuesBoundToThem(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = BindingTable()
        var bound: Set<Binding> = []
        for _ in 0..<3_000 {
            let words = (0...random.below(5)).map { _ in random.pick(["a", "b", "*", "#"]) }
            let binding = Binding(pattern: words.joined(separator: "."), queue: UInt32(1 + random.below(6)))
            if random.chance(1, in: 40) {
                table.abandon(binding.queue)
                while !table.remove(1 + random.below(3), of: binding.queue) {}
                bound = bound.filter { $0.queue != binding.queue }
            } else if random.chance(1, in: 2) {
                table.insert(binding.pattern, binding.queue)
                bound.insert(binding)
            } else {
                let victim = bound.sorted { ($0.queue, $0.pattern) < ($1.queue, $1.pattern) }.first ?? binding
                table.remove(victim.pattern, victim.queue)
                bound.remove(victim)
            }
            let topic = (0...random.below(5)).map { _ in random.pick(["a", "b"]) }.joined(separator: ".")
            let expected = Set(bound.filter { $0.matches(topic) }.map(\.queue)).sorted()
            #expect(table.queues(for: topic) == expected, "\(topic) among \(bound.map(\.pattern))")
            #expect(table.count == bound.count)
        }
    }

    private struct Binding: Hashable {
        let pattern: String
        let queue: UInt32

        func matches(_ topic: String) -> Bool {
            Model.matches(topic.split(separator: ".")[...], pattern.split(separator: ".")[...])
        }
    }

    /// Stars that stand together are one star: a matcher that tries them all would not come to an end.
    @Test func veryManyStarsDoNotTakeLong() {
        let stars = Glob(String(repeating: "*", count: 65_536) + "b")
        #expect(!stars.matches(String(repeating: "a", count: 200)))
        #expect(Glob(String(repeating: "*a", count: 100)).matches(String(repeating: "a", count: 200)))
        #expect(!Glob(String(repeating: "*a", count: 100) + "b").matches(String(repeating: "a", count: 200)))
        var table = BindingTable()
        table.insert(Array(repeating: "#", count: 32_768).joined(separator: ".") + ".b", 1)
        let topic = Array(repeating: "a", count: 100).joined(separator: ".")
        #expect(table.queues(for: topic).isEmpty)
        #expect(table.queues(for: topic + ".b") == [1])
    }
}
