/// A pattern for names: `*` stands for any run of characters, `?` for one; everything else for itself.
///
/// Matching takes O(name × pattern) steps at worst, without recursion, whatever a client sends as pattern.
package struct Glob: Hashable, Sendable {
    package let text: String
    private let pattern: [UInt8]

    package init(_ text: String) {
        self.text = text
        pattern = Array(text.utf8)
    }

    package func matches(_ name: String) -> Bool { matches(Array(name.utf8)) }

    func matches(_ name: [UInt8]) -> Bool {
        var place = 0
        var character = 0
        // Where to go on after a mismatch: the last star, and the first character that it has not yet swallowed.
        var retry: (place: Int, character: Int)?
        while character < name.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                retry = (place, character)
                place += 1
            } else if place < pattern.count, pattern[place] == UInt8(ascii: "?") || pattern[place] == name[character] {
                place += 1
                character += 1
            } else if let last = retry {
                retry = (last.place, last.character + 1)
                place = last.place + 1
                character = last.character + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
