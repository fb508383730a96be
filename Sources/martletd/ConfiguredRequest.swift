import MartletBroker
import MartletProtocol

/// A queue or a binding in the configuration, read by the parser of the protocol: what a client may write in `declare`
/// and `bind` is what the file may say, checked and explained in the same way.
struct ConfiguredRequest {
    struct Refusal: Error {
        /// Where it is wrong, if the setting that is wrong stands in the file.
        let line: Int?
        let reason: String
    }

    private let batch = RequestBatch()
    private let members: [JSON5Value.Member]
    private let text: [UInt8]
    private let operation: Operation
    /// Given by where the settings stand.
    private let name: (field: Field, value: String)?

    init(operation: Operation, name: (field: Field, value: String)?, members: [JSON5Value.Member]) {
        self.members = members
        self.operation = operation
        self.name = name
        var buffer = ByteBuffer()
        buffer.append(#"{"op":"#)
        buffer.append(quoted: operation.name)
        if let name { buffer.append(name.field.name, .string(name.value)) }
        for member in members { buffer.append(member.key, member.value.content) }
        buffer.append("}")
        text = Array(buffer.bytes)
    }

    func patch() throws(Refusal) -> QueueSettingsPatch {
        try request { QueueSettingsPatch($0) }
    }

    func binding() throws(Refusal) -> Configuration.DeclaredBinding {
        try request { .init(queue: $0.string(.queue) ?? "", topic: $0.string(.topic) ?? "") }
    }

    /// The parser would also take what stands in every line (`op`, `tag`), and offer it.
    private func checkKeys() throws(Refusal) {
        let entry = OperationTable[operation]
        let stranger = members.first { member in
            member.key == name?.field.name || !entry.fields.contains { $0.field.name == member.key }
        }
        guard let stranger else { return }
        let subject = operation == .bind ? "a binding" : "a queue"
        let hint = entry.hint(for: stranger.key, without: name?.field)
        throw Refusal(line: stranger.line, reason: "`\(stranger.key)` is no setting of \(subject)\(hint)")
    }

    private func request<Value>(_ read: (Request) -> Value) throws(Refusal) -> Value {
        try checkKeys()
        let outcome: Result<Value, Failure> = text.withUnsafeBytes { bytes in
            batch.parse(bytes, limits: Limits())
            defer { batch.removeAll() }
            switch batch[0] {
            case .request(let request): return .success(read(request))
            case .failure(let failure, _, _): return .failure(failure)
            }
        }
        switch outcome {
        case .success(let value): return value
        case .failure(let failure):
            let member = members.first { failure.reason.contains("`\($0.key)`") }
            throw Refusal(line: member?.line, reason: failure.reason)
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func append(_ key: String, _ content: JSON5Value.Content) {
        append(UInt8(ascii: ","))
        append(quoted: key)
        append(UInt8(ascii: ":"))
        append(content)
    }

    /// The value as JSON. What only JSON5 can say (infinity) becomes a string, which no setting of a queue takes.
    private mutating func append(_ content: JSON5Value.Content) {
        switch content {
        case .null: append("null")
        case .boolean(let value): append(text: value ? "true" : "false")
        case .number(let value) where !value.isFinite: append(quoted: "\(value)")
        case .number(let value): append(text: Int(exactly: value).map(String.init) ?? "\(value)")
        case .string(let value): append(quoted: value)
        case .array(let elements): append("[", "]", elements) { $0.append($1.content) }
        case .object(let members):
            append("{", "}", members) {
                $0.append(quoted: $1.key)
                $0.append(UInt8(ascii: ":"))
                $0.append($1.value.content)
            }
        }
    }

    private mutating func append<Element>(
        _ open: StaticString,
        _ close: StaticString,
        _ elements: [Element],
        _ write: (inout ByteBuffer, Element) -> Void
    ) {
        append(open)
        for (index, element) in elements.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            write(&self, element)
        }
        append(close)
    }
}
