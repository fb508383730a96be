/// A pattern for topics: dot-separated words, where `*` stands for one word and `#` for any number of words.
///
/// Matching takes O(topic × pattern) words at worst, without recursion, whatever the pattern.
struct TopicPattern: Hashable {
    let text: String
    private let words: [Substring]
    /// Without `*` and `#` it matches only the topic of the same text.
    let isLiteral: Bool

    init(_ text: String) {
        self.text = text
        words = text.split(separator: ".", omittingEmptySubsequences: false)
        isLiteral = !words.contains { $0 == "*" || $0 == "#" }
    }

    func matches(_ topic: [Substring]) -> Bool {
        var place = 0
        var word = 0
        // Where to go on after a mismatch: the last `#`, and the first word that it has not yet swallowed.
        var retry: (place: Int, word: Int)?
        while word < topic.count {
            if place < words.count, words[place] == "#" {
                retry = (place, word)
                place += 1
            } else if place < words.count, words[place] == "*" || words[place] == topic[word] {
                place += 1
                word += 1
            } else if let last = retry {
                retry = (last.place, last.word + 1)
                place = last.place + 1
                word = last.word + 1
            } else {
                return false
            }
        }
        return words[place...].allSatisfy { $0 == "#" }
    }
}
