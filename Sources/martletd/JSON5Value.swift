/// A value of a configuration file, with the line it stands on. Unlike a decoder's dictionaries, an object keeps the
/// order of its members: the first of the queue defaults that matches counts.
struct JSON5Value: Equatable {
    struct Member: Equatable {
        let key: String
        let line: Int
        let value: JSON5Value
    }

    enum Content: Equatable {
        case null
        case boolean(Bool)
        case number(Double)
        case string(String)
        case array([JSON5Value])
        case object([Member])
    }

    let content: Content
    let line: Int

    /// What it is, for a person who wrote something else than was expected.
    var summary: String {
        switch content {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .number(let value): Int(exactly: value).map(String.init) ?? "\(value)"
        case .string(let value): "\"\(value)\""
        case .array: "an array"
        case .object: "an object"
        }
    }

    var text: String? { if case .string(let text) = content { text } else { nil } }
    var number: Double? { if case .number(let number) = content { number } else { nil } }
    var boolean: Bool? { if case .boolean(let boolean) = content { boolean } else { nil } }
    var members: [Member]? { if case .object(let members) = content { members } else { nil } }
    var elements: [JSON5Value]? { if case .array(let elements) = content { elements } else { nil } }
}
