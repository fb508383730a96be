/// martletd.json5(5): the example configuration, whose comments say what each setting is.
enum ConfigurationPage {
    static func page(_ example: String) -> ManualPage {
        var reader = Reader()
        for line in example.split(separator: "\n", omittingEmptySubsequences: false) { reader.take(line) }
        reader.endBlock()
        return ManualPage(
            name: "martletd.json5",
            section: 5,
            summary: "configuration of martletd",
            text: "## Description\n" + reader.text + "\n## See also\nmartletd(8), martlet-protocol(7)\n"
        )
    }

    /// Turns comments, and the settings below them, into terms with their meaning.
    private struct Reader {
        var text = ""
        private var comments: [String] = []
        private var settings: [String] = []

        mutating func take(_ line: Substring) {
            let line = line.drop { $0 == " " }
            if line.hasPrefix("// ──") {
                endBlock()
                text += "\n## \(line.filter { $0 != "─" && $0 != "/" }.drop { $0 == " " })\n"
            } else if line.hasPrefix("//") {
                if !settings.isEmpty { endBlock() }
                comments.append(String(line.dropFirst(2).drop { $0 == " " }))
            } else if line.isEmpty {
                endBlock()
            } else if line != "{", line != "}" {
                settings.append("`\(line.last == "," ? line.dropLast() : line)`")
            }
        }

        mutating func endBlock() {
            defer { (comments, settings) = ([], []) }
            guard !settings.isEmpty else {
                if !comments.isEmpty { text += "\n" + comments.joined(separator: "\n") + "\n" }
                return
            }
            let meaning = comments.isEmpty ? "A limit, as its name says." : comments.joined(separator: " ")
            text += "\n" + settings.joined(separator: "\n") + "\n: " + meaning + "\n"
        }
    }
}
