/// The reference of all operations as a Markdown article, written from the operation table.
///
/// `MartletProtocol.docc/ProtocolReference.md` holds what this returns; a test compares them.
package enum ProtocolReference {
    package static var markdown: String {
        var lines = introduction
        lines += ["", "## Operations", "", "| op | what it does | console |", "| --- | --- | --- |"]
        for entry in OperationTable.all {
            let console = entry.console.map { "`\($0.usage(of: entry.operation))`" } ?? ""
            lines.append("| `\(entry.operation.name)` | \(entry.summary) | \(console) |")
        }
        for entry in OperationTable.all { lines += section(of: entry) }
        lines += ["", "## One message of a batch", "", "The fields of each object in `messages`:", ""]
        lines += table(of: OperationTable.message)
        lines += errors
        return lines.joined(separator: "\n") + "\n"
    }

    private static let introduction = """
        # Protocol reference

        Every operation with its fields, their types and ranges, and an example.

        ## Overview

        A request is one JSON object on one line, a reply likewise, and every request gets exactly one reply, in the
        order of the requests. Any request may carry a `tag`, a string or a number of at most 256 bytes, which its reply
        repeats byte for byte, also when the request is refused. Fields may come in any order; a field that is unknown,
        given twice, of the wrong type or out of range is refused with `bad_request`, and the reason names it.

        Durations are seconds, fractions allowed, kept to the millisecond; a duration above 0 counts as one millisecond
        at least. Instants are integers, Unix milliseconds. Numbers may be written in any way that JSON allows: `10`,
        `10.0` and `1e1` are the same integer. An array with more elements than allowed is refused with `too_many`.

        Text must be valid UTF-8 and say whole characters: half of a surrogate pair without the other half, such as the
        string `"\\ud800"`, is refused with `bad_json`, in a body, too, because many JSON libraries cannot read it. So
        is a line with arrays and objects nested deeper than `max_depth`, 64 unless the broker is set otherwise.

        A line that begins with a letter is words for a person: the console form below. The text of `send` and `publish`
        is the rest of the line and becomes a JSON string. A line that begins with an HTTP method in capitals and a
        blank, or with `Host:`, gets an error reply, and the connection is closed, however long the line is; so is one
        that begins as TLS does.

        A line from the broker that has `event` is no reply and may stand between replies: `message` is a delivery,
        `ended` says that the last queue of a subscription is gone, and the subscription with it.

        This article is written from the table that the parser reads, and a test keeps it so.
        """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

    private static func section(of entry: OperationEntry) -> [String] {
        var lines = ["", "### \(entry.operation.name)", "", sentence(entry.summary)]
        if let console = entry.console { lines += ["", "Console: `\(console.usage(of: entry.operation))`"] }
        if !entry.fields.isEmpty { lines += [""] + table(of: entry) }
        if !entry.exactlyOne.isEmpty {
            lines += ["", "Exactly one of \(list(entry.exactlyOne)) must be there."]
        }
        for conflict in entry.conflicts {
            lines += ["", "`\(conflict.field.name)` cannot stand together with \(list(conflict.others))."]
        }
        lines += ["", "Reply: \(entry.reply)"]
        for example in entry.examples { lines += ["", "```json", example.request, example.reply, "```"] }
        return lines
    }

    private static func table(of entry: OperationEntry) -> [String] {
        ["| field | value | if left out | meaning |", "| --- | --- | --- | --- |"]
            + entry.fields.map { rule in
                // One that has code in it is a sentence.
                let code = rule.standard.map { $0.contains("`") ? $0 : "`\($0)`" }
                let standard = rule.isRequired ? "required" : code ?? ""
                return "| `\(rule.field.name)` | \(rule.type.expectation) | \(standard) | \(rule.about) |"
            }
    }

    private static var errors: [String] {
        ["", "## Errors", "", "| error | when |", "| --- | --- |"]
            + ErrorCode.allCases.map { "| `\($0.rawValue)` | \($0.meaning) |" }
    }

    private static func list(_ fields: [Field]) -> String {
        fields.map { "`\($0.name)`" }.joined(separator: ", ")
    }

    /// A line of the table as a sentence.
    private static func sentence(_ line: String) -> String { line.prefix(1).uppercased() + line.dropFirst() + "." }
}

extension ErrorCode {
    /// When a request is answered with this error, in words.
    package var meaning: String {
        switch self {
        case .badJSON: "the line is not one well-formed JSON object in valid UTF-8; the reason says at which byte"
        case .badRequest: "a field is missing, unknown, given twice, of the wrong type or out of range"
        case .unknownOperation: "there is no such operation"
        case .tooLarge: "the line, a body or what the journal is to take at once is larger than its limit"
        case .noQueue: "the queue does not exist"
        case .noMessage: "there is no such message in that queue"
        case .leaseLost: "the receipt's lease has ended, or the message is leased elsewhere"
        case .notLeased: "the message is not leased by this connection, and neither receipt nor `force` was given"
        case .queueFull: "the queue's `max_messages` or `max_bytes` would be exceeded, and its overflow is `reject`"
        case .memoryFull: "the broker's memory limit would be exceeded"
        case .paused: "the queue is paused for that direction"
        case .unroutable: "a mandatory publish matched no queue"
        case .unauthenticated: "the broker wants to know who you are"
        case .forbidden: "you may not do that"
        case .tooMany:
            "a limit on connections, queues, waiting receivers, subscriptions, array elements or messages at once"
        case .draining: "the broker is shutting down and accepts no new work"
        case .notDurable:
            "the journal has no space, and nothing was accepted; or it has failed, and what waited may be there or not"
        case .internal: "a defect in the broker, which is also logged"
        }
    }
}
