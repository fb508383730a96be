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

    @Test(arguments: 0..<8 as Range<UInt64>)
    func topicPatternsMatchAsDefined(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<3_000 {
            let pattern = (0...random.below(5)).map { _ in random.pick(["a", "b", "*", "#"]) }.joined(separator: ".")
            let topic = (0...random.below(5)).map { _ in random.pick(["a", "b"]) }.joined(separator: ".")
            let words = topic.split(separator: ".")
            let expected = Model.matches(words[...], pattern.split(separator: ".")[...])
            #expect(TopicPattern(pattern).matches(words) == expected, "\(pattern) and \(topic)")
        }
    }

    /// Stars that stand together are one star: a matcher that tries them all would not come to an end.
    @Test func veryManyStarsDoNotTakeLong() {
        let stars = Glob(String(repeating: "*", count: 65_536) + "b")
        #expect(!stars.matches(String(repeating: "a", count: 200)))
        #expect(Glob(String(repeating: "*a", count: 100)).matches(String(repeating: "a", count: 200)))
        #expect(!Glob(String(repeating: "*a", count: 100) + "b").matches(String(repeating: "a", count: 200)))
        let hashes = TopicPattern(Array(repeating: "#", count: 32_768).joined(separator: ".") + ".b")
        let topic = Array(repeating: Substring("a"), count: 100)
        #expect(!hashes.matches(topic))
        #expect(hashes.matches(topic + ["b"]))
    }
}
