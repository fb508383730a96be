import Foundation

/// A file of transcripts.
package enum TranscriptFile {
    /// All transcripts that there are, in the order of their files.
    package static let all: [Transcript] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Conversations")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".transcript") }.sorted().flatMap { name in
            let path = folder.appendingPathComponent(name).path
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return read(text, path: path)
        }
    }()

    /// The transcripts in a text. A line that cannot be understood is a defect of the test, and traps.
    package static func read(_ text: String, path: String) -> [Transcript] {
        var transcripts: [Transcript] = []
        for (number, line) in joined(text) {
            if line.hasPrefix("# ") {
                transcripts.append(Transcript(title: String(line.dropFirst(2)), path: path, number: number))
                continue
            }
            guard let last = transcripts.indices.last else { preconditionFailure("\(path) begins with a title") }
            let words = line.split(separator: " ")
            if words.count == 3, words[0] == "with" {
                transcripts[last].settings[String(words[1])] = String(words[2])
            } else if let event = event(line) {
                transcripts[last].lines.append(Transcript.Line(number: number, event: event))
            } else {
                preconditionFailure("\(path):\(number) says nothing that is understood: \(line)")
            }
        }
        return transcripts
    }

    /// The lines that say something, with their numbers; an indented one is part of the one before.
    private static func joined(_ text: String) -> [(number: Int, text: String)] {
        var lines: [(Int, String)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy({ $0 == " " }) || line.hasPrefix("--") { continue }
            if line.hasPrefix("    "), let last = lines.indices.last {
                lines[last].1 += line.drop { $0 == " " }
            } else {
                lines.append((index + 1, String(line)))
            }
        }
        return lines
    }

    private static func event(_ line: String) -> Transcript.Event? {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count >= 2 else { return nil }
        let rest = words.count > 2 ? words[2] : ""
        switch (words[0], words[1]) {
        case ("+", let seconds):
            return Double(seconds).map { .passes(milliseconds: Int(($0 * 1000).rounded())) }
        case (let peer, ">"): return .sends(peer, bytes: rest + "\n")
        case (let peer, ">>"): return .sends(peer, bytes: unescaped(rest))
        case (let peer, "<"): return .hears(peer, template: template(rest))
        case (let peer, "hears") where rest == "nothing": return .hearsNothing(peer)
        case (let peer, "closes") where rest.isEmpty: return .closes(peer)
        case (let peer, "is") where rest == "closed": return .isClosed(peer)
        case (let queue, "has"):
            let figure = rest.split(separator: " ").map(String.init)
            return figure.count == 2 ? .has(queue: queue, figure: figure[0], value: figure[1]) : nil
        default: return nil
        }
    }

    private static func unescaped(_ text: String) -> String {
        text.split(separator: "\\r", omittingEmptySubsequences: false).joined(separator: "\r")
            .split(separator: "\\n", omittingEmptySubsequences: false).joined(separator: "\n")
    }

    /// `!code` is short for a failure, `!code 7` for one with its tag.
    private static func template(_ text: String) -> String {
        guard text.hasPrefix("!") else { return text }
        let words = text.dropFirst().split(separator: " ")
        let tag = words.count > 1 ? "\"tag\":\(words[1])," : ""
        return "{\"ok\":false,\(tag)\"error\":\"\(words[0])\",\"reason\":…}"
    }
}
