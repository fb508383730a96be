/// Guesses what a misspelt name was meant to be.
enum Spelling {
    /// The nearest known name, if so near that it was probably meant. `name` should be short: the cost is its length
    /// times the length of all known names.
    static func nearest(to name: String, among known: [String]) -> String? {
        let tolerance = max(1, min(3, name.utf8.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in known {
            let distance = distance(Array(name.utf8), Array(candidate.utf8))
            if distance <= tolerance, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// How many bytes must be added, left out, changed or swapped with their neighbour to make one name the other.
    static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for row in 0..<one.count {
            var current = [row + 1]
            for column in 0..<other.count {
                let change = last[column] + (one[row] == other[column] ? 0 : 1)
                var least = min(change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, one[row] == other[column - 1], one[row - 1] == other[column] {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                current.append(least)
            }
            (beforeLast, last) = (last, current)
        }
        return last[other.count]
    }

    /// What a JSON string that the scanner has passed says, cut to 40 bytes or a little less: enough to be recognised.
    static func excerpt(ofQuoted text: UnsafeRawBufferPointer) -> String {
        let contents = UnsafeRawBufferPointer(rebasing: text[1..<max(1, text.count - 1)])
        let decoded = [UInt8](unsafeUninitializedCapacity: contents.count) { buffer, count in
            count = JSONText.decode(contents, into: UnsafeMutableRawBufferPointer(buffer))
        }
        return excerpt(of: decoded)
    }

    static func excerpt(of text: some BidirectionalCollection<UInt8>) -> String {
        guard text.count > 40 else { return String(decoding: text, as: UTF8.self) }
        // Cut before a byte that continues a character, no character is cut in two.
        var end = text.index(text.startIndex, offsetBy: 40)
        while end > text.startIndex, text[end] & 0xC0 == 0x80 { end = text.index(before: end) }
        return String(decoding: text[..<end], as: UTF8.self) + "…"
    }
}
