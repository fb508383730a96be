import FoundationEssentials

/// One JSON value as text, byte for byte: number spellings, key order and escapes are kept.
///
///     let body = try JSONText("{\"amount\": 12.50}")
///     let order = try body.decode(Order.self)
///
/// A text is checked for being one value from its first to its last byte, so that it cannot break out of the request
/// it is put into; that its strings and numbers are well-formed is left to the server, which checks everything.
public struct JSONText: Hashable, Sendable {
    /// UTF-8, without blanks around the value.
    public let bytes: [UInt8]

    /// - Throws: ``JSONTextError`` if `bytes` is not one JSON value.
    ///
    /// Line breaks between the parts of the value become blanks, because a request is one line.
    public init(bytes: some Sequence<UInt8>) throws(JSONTextError) {
        self.bytes = try JSONCursor.normalised(Array(bytes))
    }

    public init(_ text: String) throws(JSONTextError) {
        try self.init(bytes: text.utf8)
    }

    /// - Parameter trusted: One JSON value on one line.
    init(trusted: [UInt8]) {
        bytes = trusted
    }

    /// The text of a JSON string.
    public init(string: String) {
        var bytes: [UInt8] = []
        bytes.append(quoted: string)
        self.init(trusted: bytes)
    }

    /// The value encoded by a `JSONEncoder`. A String takes a short way round it.
    public init(encoding value: some Encodable) throws {
        if let text = value as? String {
            self.init(string: text)
        } else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            self.init(trusted: Array(try encoder.encode(value)))
        }
    }

    /// The text that this is, if it is a JSON string.
    public var string: String? { JSONSlice(bytes: bytes[...]).string }

    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        if type == String.self, let text = string as? Value { return text }
        return try JSONDecoder().decode(type, from: Data(bytes))
    }
}

extension JSONText: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// A text that is not one JSON value.
public struct JSONTextError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The byte at which it is wrong, counted from 0.
    public let offset: Int

    public var description: String { "not one JSON value: wrong at byte \(offset)" }
}
