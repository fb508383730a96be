/// What a field's value may be. The parser checks it, `help` and the protocol reference describe it.
package enum ValueType: Equatable, Sendable {
    /// 1 to 200 bytes of `A–Z a–z 0–9 . _ - : /`.
    case queueName
    /// A queue name, or `""` or `null` for none.
    case queueNameOrNone
    /// 1 to `maximum` different queue names.
    case queueNames(maximum: Int)
    /// Dot-separated words of the letters of queue names.
    case topic
    /// A topic in which a word may also be `*` or `#`.
    case topicPattern
    /// A string of so many bytes of UTF-8, once its escapes are decoded.
    case text(ClosedRange<Int>)
    /// 1 to `maximum` receipts.
    case receipts(maximum: Int)
    case integer(ClosedRange<Int>)
    /// 1 to `maximum` message ids.
    case identifiers(maximum: Int)
    /// Seconds on the wire, fractions allowed; milliseconds here and once parsed.
    case duration(ClosedRange<Int>)
    /// Unix milliseconds.
    case instant
    /// A number that may have a fraction, from 0 to `maximum`.
    case number(maximum: Int)
    case boolean
    /// One of some names; parsed it is the index in this list.
    case choice([String])
    /// Any JSON value, kept byte for byte.
    case anything
    /// Any JSON object, kept byte for byte.
    case object
    /// 1 to `Limits.maxBatch` objects with the fields of a message.
    case messages
    /// 1 to `maximum` requests of the given operations.
    case requests(maximum: Int, of: [Operation])
    /// Seconds, or `{"initial":1,"factor":2,"max":300}`.
    case retryDelay
    /// The name of an operation; parsed it is its raw value.
    case operation

    static let identifier = ValueType.integer(1...JSONNumber.maximumInteger)
    static let receipt = ValueType.text(1...128)

    /// What a value must be, to follow "must be" in a sentence.
    package var expectation: String {
        switch self {
        case .queueName: "a queue name: 1 to 200 of the characters A-Z a-z 0-9 . _ - : /"
        case .queueNameOrNone: "a queue name, or \"\" or null for none"
        case .queueNames(let maximum): "an array of 1 to \(maximum) different queue names"
        case .topic: "a topic: words of A-Z a-z 0-9 _ - : / with dots between them, 200 bytes at most"
        case .topicPattern: "a topic pattern: words with dots between them, `*` for one word, `#` for any number"
        case .text(let range): "a string of " + Self.describe(range, unit: "bytes")
        case .receipts(let maximum): "an array of 1 to \(maximum) receipts"
        case .integer(let range): "an integer " + Self.describe(range)
        case .identifiers(let maximum): "an array of 1 to \(maximum) message ids"
        case .duration(let range): "a number of seconds, " + Self.describe(milliseconds: range)
        case .instant: "an instant: an integer, Unix milliseconds, from 0"
        case .number(let maximum): "a number from 0 to \(maximum)"
        case .boolean: "true or false"
        case .choice(let names): "one of " + names.map { "`\($0)`" }.joined(separator: ", ")
        case .anything: "a JSON value"
        case .object: "a JSON object"
        case .messages:
            "an array of messages, which are objects: at least one, at most 10000 unless the broker is set otherwise"
        case .requests(let maximum, let operations):
            "an array of 1 to \(maximum) requests (\(operations.map(\.name).joined(separator: ", ")))"
        case .retryDelay: "a number of seconds from 0, or {\"initial\":1,\"factor\":2,\"max\":300}"
        case .operation: "the name of an operation"
        }
    }

    private static func describe(_ range: ClosedRange<Int>) -> String {
        if range.lowerBound == range.upperBound { return "that is \(range.lowerBound)" }
        if range.upperBound == JSONNumber.maximumInteger { return "from \(range.lowerBound)" }
        return "from \(range.lowerBound) to \(range.upperBound)"
    }

    private static func describe(_ range: ClosedRange<Int>, unit: String) -> String {
        range.lowerBound == 0
            ? "at most \(range.upperBound) \(unit)" : "\(range.lowerBound) to \(range.upperBound) \(unit)"
    }

    private static func describe(milliseconds range: ClosedRange<Int>) -> String {
        var lowest = ByteBuffer(capacity: 32)
        lowest.append(number: Double(range.lowerBound) / 1000)
        return "from \(String(decoding: lowest.bytes, as: UTF8.self)) to \(range.upperBound / 1000)"
    }
}
