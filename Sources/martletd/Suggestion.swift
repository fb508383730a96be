/// What somebody who wrote an unknown key probably meant.
enum Suggestion {
    /// "; did you mean `max_line`?", or nothing if no key is near.
    /// - Parameter prefix: what stands before all of them, and the word, besides.
    static func text(for word: String, among keys: [String], prefix: String = "") -> String {
        let distances = keys.map { (key: $0, distance: distance(Array(word.utf8), Array($0.utf8))) }
        guard let nearest = distances.min(by: { $0.distance < $1.distance }) else { return "" }
        return nearest.distance <= max(2, word.utf8.count / 3) ? "; did you mean `\(prefix)\(nearest.key)`?" : ""
    }

    /// Bytes to insert, delete or change to make one word the other.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let changed = diagonal + (byte == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
