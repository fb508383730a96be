/// Topics and topic patterns: words of letters with dots between them.
package enum Topic {
    /// Whether `text` is a topic, or, where `isPattern`, one in which a word may also be `*` or `#`.
    package static func isValid(_ text: UnsafeRawBufferPointer, isPattern: Bool) -> Bool {
        guard (1...RequestParser.maximumNameLength).contains(text.count) else { return false }
        return text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { word in
            if isPattern, word.count == 1, word.first == UInt8(ascii: "*") || word.first == UInt8(ascii: "#") {
                return true
            }
            return !word.isEmpty && word.allSatisfy(CharacterSet.topicWord.contains)
        }
    }
}
