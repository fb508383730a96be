/// Guesses what a wrong name was meant to be, and shows names that people have sent.
enum Spelling {
    /// What was probably meant: the name in small letters, what it is called here, or the nearest one.
    /// - Parameter synonyms: what names are called here; of several the first that is known counts.
    static func guess(for name: String, among known: [String], _ synonyms: [String: [String]]) -> String? {
        let name = name.lowercased()
        if known.contains(name) { return name }
        return synonyms[name]?.first(where: known.contains) ?? nearest(to: name, among: known)
    }

    /// What to say behind a name that is none of those known: the one that was meant, or all.
    static func hint(for name: String, among known: [String], _ synonyms: [String: [String]] = [:]) -> String {
        if let meant = guess(for: name, among: known, synonyms) { return "; did you mean `\(meant)`?" }
        return "; it takes " + known.map { "`\($0)`" }.joined(separator: ", ")
    }

    /// The nearest known name, if so near that it was probably meant.
    ///
    /// A peer may send nothing but misspelt names, so this is quick: names whose length differs by more than the
    /// distance allowed are not looked at, and the others cost the product of both lengths.
    /// - Parameter name: at most some 40 bytes, as `excerpt` gives.
    static func nearest(to name: String, among known: [String]) -> String? {
        let tolerance = max(1, min(3, name.utf8.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in known where abs(candidate.utf8.count - name.utf8.count) <= tolerance {
            let distance = distance(name.utf8, candidate.utf8)
            if distance <= tolerance, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// How many bytes must be added, left out, changed or swapped with their neighbour to make one name the other.
    static func distance(_ one: String.UTF8View, _ other: String.UTF8View) -> Int {
        let width = other.count + 1
        // Three rows of the table, of which only the last two are ever looked back at.
        var rows = Array(0..<width) + [Int](repeating: 0, count: 2 * width)
        var previous: UInt8 = 0
        for (row, byte) in one.enumerated() {
            let current = (row + 1) % 3 * width
            let last = row % 3 * width
            let beforeLast = (row + 2) % 3 * width
            rows[current] = row + 1
            var left: UInt8 = 0
            for (column, letter) in other.enumerated() {
                let change = rows[last + column] + (byte == letter ? 0 : 1)
                var least = min(change, rows[last + column + 1] + 1, rows[current + column] + 1)
                if row > 0, column > 0, byte == left, previous == letter {
                    least = min(least, rows[beforeLast + column - 1] + 1)
                }
                rows[current + column + 1] = least
                left = letter
            }
            previous = byte
        }
        return rows[one.count % 3 * width + width - 1]
    }

    /// What a JSON string that the scanner has passed says, cut to 40 bytes or a little less: enough to be recognised.
    static func excerpt(ofQuoted text: UnsafeRawBufferPointer) -> String {
        let contents = UnsafeRawBufferPointer(rebasing: text[1..<max(1, text.count - 1)])
        let decoded = [UInt8](unsafeUninitializedCapacity: contents.count) { buffer, count in
            count = JSONText.decode(contents, into: UnsafeMutableRawBufferPointer(buffer))
        }
        return excerpt(of: decoded)
    }

    /// A byte as a person sees it: the character if it is a visible one, else its value.
    static func describe(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return (0x21...0x7E).contains(byte)
            ? "`\(Unicode.Scalar(byte))`" : "the byte 0x" + (byte < 0x10 ? "0" : "") + digits
    }

    static func excerpt(of text: some BidirectionalCollection<UInt8>) -> String {
        guard text.count > 40 else { return String(decoding: text, as: UTF8.self) }
        // Cut before a byte that continues a character, no character is cut in two.
        var end = text.index(text.startIndex, offsetBy: 40)
        while end > text.startIndex, text[end] & 0xC0 == 0x80 { end = text.index(before: end) }
        return String(decoding: text[..<end], as: UTF8.self) + "…"
    }
}
