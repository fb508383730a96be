/// How a person types an operation: its name and then words, each of which is one field.
package struct ConsoleForm: Sendable {
    /// What becomes of a word.
    enum Kind {
        /// A JSON string.
        case text
        /// A number, taken as it is.
        case number
        /// The rest of the line, as a JSON string.
        case rest
    }

    struct Word: Sendable {
        let field: Field
        let kind: Kind
        let isRequired: Bool
        /// As the usage shows it: `QUEUE`, `[WAIT]`, `TEXT...`.
        let usage: String
    }

    let words: [Word]

    init(_ words: Word...) { self.words = words }

    /// `send QUEUE TEXT...`
    package func usage(of operation: Operation) -> String {
        ([operation.name] + words.map(\.usage)).joined(separator: " ")
    }
}

extension ConsoleForm.Kind: Sendable {}

extension ConsoleForm.Word {
    static let queue = Self(field: .queue, kind: .text, isRequired: true, usage: "QUEUE")
    static let id = Self(field: .id, kind: .number, isRequired: true, usage: "ID")
    static let body = Self(field: .body, kind: .rest, isRequired: true, usage: "TEXT...")

    static func optional(_ field: Field, _ kind: ConsoleForm.Kind, _ usage: String) -> Self {
        Self(field: field, kind: kind, isRequired: false, usage: "[\(usage)]")
    }
}
