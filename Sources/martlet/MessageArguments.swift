import ArgumentParser
import FoundationEssentials
import MartletClient

/// What may be said about a message besides its body.
struct MessageArguments: ParsableArguments {
    @Option(name: .shortAndLong, help: "0 (last) to 9 (first). (default: 4)")
    var priority: Int?

    @Option(help: ArgumentHelp("Not delivered before this has passed.", valueName: "duration"))
    var delay: Duration?

    @Option(help: ArgumentHelp("Not delivered before this instant, in Unix milliseconds.", valueName: "instant"))
    var at: Int?

    @Option(help: ArgumentHelp("Expires when this has passed.", valueName: "duration"))
    var ttl: Duration?

    @Option(help: ArgumentHelp("A header; may be repeated.", valueName: "name=value"))
    var header: [String] = []

    @Option(help: ArgumentHelp("All headers, as a JSON object.", valueName: "json"))
    var headers: String?

    @Option(help: ArgumentHelp("A second message with the same text is not added.", valueName: "text"))
    var dedup: String?

    @Option(help: ArgumentHelp("Messages of one group are delivered strictly in order.", valueName: "text"))
    var group: String?

    @Option(help: ArgumentHelp("The queue where an answer is expected.", valueName: "queue"))
    var replyTo: String?

    @Option(help: ArgumentHelp("What an answer should carry.", valueName: "text"))
    var correlation: String?

    func validate() throws {
        if !header.isEmpty, headers != nil { throw ValidationError("--header and --headers exclude each other.") }
        if delay != nil, at != nil { throw ValidationError("--delay and --at exclude each other.") }
        for pair in header where !pair.contains("=") {
            throw ValidationError("'--header \(pair)' lacks a '='.")
        }
    }

    /// The message with this body.
    func message(_ body: JSONText) throws -> OutgoingMessage {
        var message = OutgoingMessage(json: body)
        message.priority = priority
        message.delay = delay
        message.at = at.map { Date(timeIntervalSince1970: Double($0) / 1000) }
        message.timeToLive = ttl
        message.headers = try allHeaders()
        message.dedup = dedup
        message.group = group
        message.replyTo = replyTo
        message.correlation = correlation
        return message
    }

    private func allHeaders() throws -> JSONText? {
        if let headers { return try JSONText(headers) }
        if header.isEmpty { return nil }
        let pairs = header.map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts[1]))
        }
        return try JSONText(encoding: Dictionary(pairs) { _, last in last })
    }
}

/// Where the body of one message comes from.
struct BodyArguments: ParsableArguments {
    @Argument(help: "The body, a text. Without one, standard input is read to its end.")
    var text: [String] = []

    @Flag(help: "The body is JSON and not a text.")
    var json = false

    func body() throws -> JSONText {
        if !text.isEmpty { return try Self.body(text.joined(separator: " "), json: json) }
        var input = try LineReader("-")
        return try Self.body(try input.rest(), json: json)
    }

    static func body(_ bytes: [UInt8], json: Bool) throws -> JSONText {
        if json { return try JSONText(bytes: bytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InputFailure(status: .badInput, description: "the body is not UTF-8")
        }
        return JSONText(string: text)
    }

    private static func body(_ text: String, json: Bool) throws -> JSONText {
        json ? try JSONText(text) : JSONText(string: text)
    }
}
