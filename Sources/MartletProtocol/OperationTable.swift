/// Everything that may be asked for, said once: parser, `help`, the unknown-field check and the protocol reference
/// all read this table.
///
///     OperationTable[.send].fields          // what `send` takes, each with type and explanation
///     OperationTable.message                // the same for an element of `messages`
///
/// The entries stand in `OperationTable+Messages`, `+Push`, `+Queues` and `+Broker`.
package enum OperationTable {
    /// In the order in which `help` lists them: that of `Operation`.
    package static let all: [OperationEntry] = messages + push + topics + queues + broker

    package static subscript(operation: Operation) -> OperationEntry { all[Int(operation.rawValue)] }

    /// The fields of one object in `messages`.
    package static let message = OperationEntry(
        .send,
        "one message of a batch",
        fields: [body] + messageFields,
        conflicts: [Conflict(of: .delay, with: [.at])]
    )
}

/// One operation, as a person and as the parser need to know it.
package struct OperationEntry: Sendable {
    package let operation: Operation
    /// One line for the list of all operations.
    package let summary: String
    /// Its words in the console form; nil if it has none.
    package let console: ConsoleForm?
    package let fields: [FieldRule]
    /// Their names, kept because every misspelt field is compared with them.
    let fieldNames: [String]
    /// Exactly one of these must be there; empty if there is no such choice.
    package let exactlyOne: [Field]
    package let conflicts: [Conflict]
    /// What a successful reply holds, in words.
    package let reply: String
    package let examples: [Example]

    init(
        _ operation: Operation,
        _ summary: String,
        console: ConsoleForm? = nil,
        fields: [FieldRule] = [],
        exactlyOne: [Field] = [],
        conflicts: [Conflict] = [],
        reply: String = "",
        examples: [Example] = []
    ) {
        self.operation = operation
        self.summary = summary
        self.console = console
        self.fields = fields
        fieldNames = fields.map(\.field.name)
        self.exactlyOne = exactlyOne
        self.conflicts = conflicts
        self.reply = reply
        self.examples = examples
    }

    package func rule(of field: Field) -> FieldRule? { fields.first { $0.field == field } }

    /// What to say behind a name that is none of its fields, or one that cannot be meant here.
    package func hint(for name: String, without other: Field? = nil) -> String {
        Spelling.hint(for: name, among: fieldNames.filter { $0 != other?.name }, Synonyms.fields)
    }
}

/// What one operation takes in one field.
package struct FieldRule: Sendable {
    package let field: Field
    package let type: ValueType
    package let isRequired: Bool
    /// What stands for the field if it is left out, as JSON or in words; nil if nothing does.
    package let standard: String?
    /// One line for a person.
    package let about: String

    static func required(_ field: Field, _ type: ValueType, _ about: String) -> FieldRule {
        FieldRule(field: field, type: type, isRequired: true, standard: nil, about: about)
    }

    static func optional(
        _ field: Field,
        _ type: ValueType,
        _ about: String,
        standard: String? = nil
    ) -> FieldRule {
        FieldRule(field: field, type: type, isRequired: false, standard: standard, about: about)
    }
}

/// Fields that cannot stand in one request with another.
package struct Conflict: Sendable {
    package let field: Field
    package let others: [Field]

    init(of field: Field, with others: [Field]) {
        self.field = field
        self.others = others
    }
}

/// A request line and a reply that it may get, as they stand on the wire.
package struct Example: Sendable {
    package let request: String
    package let reply: String

    init(_ request: String, _ reply: String) {
        self.request = request
        self.reply = reply
    }
}
