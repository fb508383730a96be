/// Holds one transcript over a wire.
package struct Conversation {
    private let transcript: Transcript
    private let wire: any Wire
    private var values: [String: String] = [:]

    /// Throws a `TranscriptFailure` at the first line that is not as expected, and what the wire throws.
    package static func hold(_ transcript: Transcript, over wire: some Wire) throws {
        var conversation = Conversation(transcript: transcript, wire: wire)
        for line in transcript.lines {
            do {
                try conversation.hold(line.event)
            } catch let mismatch as Mismatch {
                throw TranscriptFailure(line: line.number, description: mismatch.text)
            }
        }
    }

    private struct Mismatch: Error {
        let text: String
    }

    private mutating func hold(_ event: Transcript.Event) throws {
        switch event {
        case .sends(let name, let bytes): try wire.send(filled(bytes), from: name)
        case .hears(let name, let template): try hear(name, template)
        case .hearsNothing(let name):
            guard !wire.hasUnreadLine(for: name) else {
                throw Mismatch(text: "\(name) hears \(try wire.nextLine(for: name) ?? "")")
            }
        case .closes(let name): try wire.close(name)
        case .isClosed(let name):
            guard try wire.isClosed(name) else { throw Mismatch(text: "\(name) is still connected") }
        case .has(let queue, let figure, let value): try waitUntil(queue, has: "\"\(figure)\":\(value)")
        case .passes(let milliseconds): wire.pass(milliseconds: milliseconds)
        }
    }

    private mutating func hear(_ name: String, _ template: String) throws {
        guard let line = try wire.nextLine(for: name) else {
            throw Mismatch(text: "\(name) hears nothing, but should hear\n  \(filled(template))")
        }
        guard let found = LineTemplate.match(template, line, values) else {
            throw Mismatch(text: "\(name) hears\n  \(line)\nbut should hear\n  \(filled(template))")
        }
        values = found
    }

    /// Asks, on a connection of its own, until a queue's figure is as it should be: what a closed connection held comes
    /// back in its own time.
    private func waitUntil(_ queue: String, has figure: String) throws {
        var answer = ""
        for _ in 0..<10_000 {
            try wire.send("stats \(queue)\n", from: "…")
            answer = try wire.nextLine(for: "…") ?? ""
            if answer.contains(figure + ",") || answer.contains(figure + "}") { return }
        }
        throw Mismatch(text: "\(queue) never has \(figure), but\n  \(answer)")
    }

    /// A text with the values remembered so far in their places.
    private func filled(_ text: String) -> String {
        var text = text
        for name in values.keys.sorted(by: { $0.count > $1.count }) {
            text = text.split(separator: "$\(name)", omittingEmptySubsequences: false).joined(
                separator: values[name] ?? ""
            )
        }
        return text
    }
}
