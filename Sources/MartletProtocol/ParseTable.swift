/// The operation table as the parser reads it: numbers in flat arrays, no strings, no enums with payload.
///
/// Each `RequestBatch` compiles one for itself, which costs some tens of microseconds once in a loop's life.
///
/// Unsafe memory: `forms` holds `messageForm + 1` elements, `slots` 64 bytes for each form, `rules` as many elements as
/// the largest number in `slots`; form numbers come from `Operation` raw values and `messageForm` only, field numbers
/// from `Field` raw values, all below 62. Everything lives until `deallocate()`.
struct ParseTable {
    /// Which fields must, and which cannot, stand together. Sets of fields have bit `Field.rawValue`.
    struct Form: BitwiseCopyable {
        var required: UInt64 = 0
        var exactlyOne: UInt64 = 0
        var firstConflict: (UInt64, UInt64) = (0, 0)
        var secondConflict: (UInt64, UInt64) = (0, 0)
    }

    enum Kind: UInt8, BitwiseCopyable {
        case queueName, queueNameOrNone, queueNames, topic, topicPattern, text, receipts, integer, identifiers
        case duration, number, boolean, choice, anything, object, messages, requests, retryDelay, operation
    }

    struct Rule: BitwiseCopyable {
        var kind: Kind
        var minimum = 0
        var maximum = 0
    }

    /// Numbers that the field index gives besides those of the fields.
    static let operationName = 62
    static let tagName = 63
    /// The form of an object in `messages`; the form of an operation has its raw value.
    static let messageForm = Operation.allCases.count

    let forms: UnsafeMutablePointer<Form>
    let rules: UnsafeMutablePointer<Rule>
    /// For form f and field n at 64 f + n: 0 if there is no such field, else 1 + the index in `rules`.
    let slots: UnsafeMutablePointer<UInt8>
    let fields: NameIndex
    let operations: NameIndex

    init() {
        let entries = OperationTable.all + [OperationTable.message]
        precondition(entries.dropLast().map(\.operation) == Operation.allCases, "the table has each operation in order")
        forms = .allocate(capacity: entries.count)
        slots = .allocate(capacity: entries.count * 64)
        slots.initialize(repeating: 0, count: entries.count * 64)
        var compiled: [Rule] = []
        for (number, entry) in entries.enumerated() {
            (forms + number).initialize(to: Form(entry))
            for rule in entry.fields {
                compiled.append(Rule(rule.type))
                precondition(compiled.count < 256, "a slot is a byte")
                slots[64 * number + Int(rule.field.rawValue)] = UInt8(compiled.count)
            }
        }
        rules = .allocate(capacity: compiled.count)
        rules.initialize(from: compiled, count: compiled.count)
        fields = NameIndex(
            Field.allCases.map { ($0.name, Int($0.rawValue)) } + [("op", Self.operationName), ("tag", Self.tagName)]
        )
        operations = NameIndex(Operation.allCases.map { ($0.name, Int($0.rawValue)) })
    }

    func deallocate() {
        forms.deallocate()
        rules.deallocate()
        slots.deallocate()
        fields.deallocate()
        operations.deallocate()
    }
}

extension ParseTable.Form {
    init(_ entry: OperationEntry) {
        required = Self.set(entry.fields.filter(\.isRequired).map(\.field))
        exactlyOne = Self.set(entry.exactlyOne)
        precondition(entry.conflicts.count <= 2, "a form has room for two conflicts")
        let conflicts = entry.conflicts.map { (Self.set([$0.field]), Self.set($0.others)) }
        if let first = conflicts.first { firstConflict = first }
        if conflicts.count > 1 { secondConflict = conflicts[1] }
    }

    static func set(_ fields: [Field]) -> UInt64 {
        fields.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }
}

extension ParseTable.Rule {
    init(_ type: ValueType) {
        switch type {
        case .queueName: self.init(kind: .queueName)
        case .queueNameOrNone: self.init(kind: .queueNameOrNone)
        case .queueNames(let maximum): self.init(kind: .queueNames, maximum: maximum)
        case .topic: self.init(kind: .topic)
        case .topicPattern: self.init(kind: .topicPattern)
        case .text(let range): self.init(kind: .text, minimum: range.lowerBound, maximum: range.upperBound)
        case .receipts(let maximum): self.init(kind: .receipts, maximum: maximum)
        case .integer(let range): self.init(kind: .integer, minimum: range.lowerBound, maximum: range.upperBound)
        case .identifiers(let maximum): self.init(kind: .identifiers, maximum: maximum)
        case .duration(let range): self.init(kind: .duration, minimum: range.lowerBound, maximum: range.upperBound)
        case .instant: self.init(kind: .integer, maximum: JSONNumber.maximumInteger)
        case .number(let maximum): self.init(kind: .number, maximum: maximum)
        case .boolean: self.init(kind: .boolean)
        case .choice: self.init(kind: .choice)
        case .anything: self.init(kind: .anything)
        case .object: self.init(kind: .object)
        case .messages: self.init(kind: .messages)
        case .requests(let maximum, let operations):
            // The set of allowed operations stands in `minimum`.
            let allowed = operations.reduce(0) { $0 | 1 << Int($1.rawValue) }
            self.init(kind: .requests, minimum: allowed, maximum: maximum)
        case .retryDelay: self.init(kind: .retryDelay)
        case .operation: self.init(kind: .operation)
        }
    }
}
