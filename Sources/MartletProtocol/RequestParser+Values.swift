/// The values of fields, by the kind that the operation table gives them.
extension RequestParser {
    typealias Value = RequestBatch.Value

    static let maximumNameLength = 200

    /// Reads the value at the cursor into the field's place in `scratch`.
    ///
    /// The parts of a value are written one by one: a value put together elsewhere and copied here would be read back
    /// before its parts have reached the cache, which costs more than parsing it.
    @inline(__always)
    mutating func readValue(_ rule: ParseTable.Rule, field: Int, _ draft: Draft) throws(Rejection) {
        let beginning = scanner.place
        let value = scratch + 64 * draft.level + field
        value.initialize(to: Value(raw: UnsafeRawBufferPointer(start: nil, count: 0)))
        switch rule.kind {
        case .queueName: value.pointee.text = try readQueueName(field, draft)
        case .anything:
            if scanner.byte == UInt8(ascii: "\"") {
                _ = try scanner.skipString()
            } else {
                try scanner.skipValue(depth: draft.depth)
            }
            guard scanner.place - beginning <= maxBody else { throw refuseBody(draft) }
        case .integer: value.pointee.number = try readInteger(rule, field, draft)
        default: try readRareValue(rule, field, draft, &value.pointee)
        }
        value.pointee.raw = scanner.text(since: beginning)
    }

    @inline(never)
    private mutating func readRareValue(
        _ rule: ParseTable.Rule,
        _ field: Int,
        _ draft: Draft,
        _ value: inout Value
    ) throws(Rejection) {
        switch rule.kind {
        case .duration: value.number = try readDuration(rule, field, draft)
        case .text: value.text = try readText(rule.minimum...rule.maximum, field, draft)
        case .boolean: value.number = try readBoolean(field, draft)
        case .identifiers: try readIdentifiers(rule, field, draft, &value)
        case .receipts: try readReceipts(rule, field, draft, &value)
        case .messages, .requests: try readRequests(rule, field, draft, &value)
        case .object:
            guard scanner.byte == UInt8(ascii: "{") else { throw refuse(field, draft) }
            try scanner.skipValue(depth: draft.depth)
        case .queueNames: try readQueueNames(rule, field, draft, &value)
        case .queueNameOrNone: value.text = try readQueueNameOrNone(field, draft)
        case .topic, .topicPattern:
            value.text = try readText(1...Self.maximumNameLength, field, draft)
            guard Topic.isValid(value.text, isPattern: rule.kind == .topicPattern) else { throw refuse(field, draft) }
        case .choice: value.number = try readChoice(field, draft)
        case .operation: try readOperationName(field, draft, &value)
        case .number: value.number = try readFraction(rule, field, draft)
        case .retryDelay:
            let beginning = scanner.place
            try scanner.skipValue(depth: draft.depth)
            do throws(Failure) {
                _ = try RetryDelay(json: scanner.text(since: beginning))
            } catch {
                throw refuse(error.code, error.reason, draft)
            }
        case .queueName, .anything, .integer:
            preconditionFailure("readValue() reads these itself")
        }
    }

    // MARK: Texts

    /// A string of so many bytes once decoded.
    mutating func readText(
        _ lengths: ClosedRange<Int>,
        _ field: Int,
        _ draft: Draft
    ) throws(Rejection) -> UnsafeRawBufferPointer {
        guard scanner.byte == UInt8(ascii: "\"") else { throw refuse(field, draft) }
        let beginning = scanner.place + 1
        let escaped = try scanner.skipString()
        var text = UnsafeRawBufferPointer(start: beginning, count: scanner.place - 1 - beginning)
        if escaped { text = decode(text) }
        guard lengths.contains(text.count) else { throw refuse(field, draft) }
        return text
    }

    /// Keeps what an escaped string says beside the line.
    private mutating func decode(_ contents: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let room = storage.pointee.decoded.reserve(contents.count)
        let count = JSONText.decode(contents, into: room)
        storage.pointee.decoded.take(count)
        return UnsafeRawBufferPointer(rebasing: room[..<count])
    }

    @inline(__always)
    mutating func readQueueName(_ field: Int, _ draft: Draft) throws(Rejection) -> UnsafeRawBufferPointer {
        let beginning = scanner.place
        guard scanner.byte == UInt8(ascii: "\"") else { throw refuse(field, draft) }
        scanner.place += 1
        scanner.skip(.queueName)
        let count = scanner.place - beginning - 1
        guard scanner.byte == UInt8(ascii: "\""), count - 1 < Self.maximumNameLength, count > 0 else {
            scanner.place = beginning
            return try readUnusualQueueName(field, draft)
        }
        scanner.place += 1
        return UnsafeRawBufferPointer(start: beginning + 1, count: count)
    }

    /// A queue name written with escapes, or none at all.
    @inline(never)
    private mutating func readUnusualQueueName(
        _ field: Int,
        _ draft: Draft
    ) throws(Rejection) -> UnsafeRawBufferPointer {
        let text = try readText(1...Self.maximumNameLength, field, draft)
        guard text.allSatisfy(CharacterSet.queueName.contains) else { throw refuse(field, draft) }
        return text
    }

    private mutating func readQueueNameOrNone(_ field: Int, _ draft: Draft) throws(Rejection) -> UnsafeRawBufferPointer
    {
        if scanner.byte == UInt8(ascii: "n") {
            try scanner.skipLiteral("null")
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        let text = try readText(0...Self.maximumNameLength, field, draft)
        guard text.allSatisfy(CharacterSet.queueName.contains) else { throw refuse(field, draft) }
        return text
    }

    private mutating func readChoice(_ field: Int, _ draft: Draft) throws(Rejection) -> Int {
        let text = try readText(0...Self.maximumNameLength, field, draft)
        guard case .choice(let names)? = rule(of: field, draft)?.type,
            let index = names.firstIndex(where: { $0.utf8.elementsEqual(text) })
        else { throw refuse(field, draft) }
        return index
    }

    private mutating func readOperationName(_ field: Int, _ draft: Draft, _ value: inout Value) throws(Rejection) {
        let beginning = scanner.place
        value.text = try readText(0...Int.max, field, draft)
        let number = storage.pointee.table.operations.number(of: Name(value.text))
        guard number != NameIndex.none else {
            throw refuseOperation(named: scanner.text(since: beginning), level: draft.level)
        }
        value.number = number
    }

    // MARK: Numbers

    private mutating func readNumber(_ field: Int, _ draft: Draft) throws(Rejection) -> JSONNumber {
        guard scanner.byte &- UInt8(ascii: "0") < 10 || scanner.byte == UInt8(ascii: "-") else {
            throw refuse(field, draft)
        }
        return try scanner.readNumber()
    }

    private mutating func readInteger(_ rule: ParseTable.Rule, _ field: Int, _ draft: Draft) throws(Rejection) -> Int {
        guard let number = try readNumber(field, draft).integer, number >= rule.minimum, number <= rule.maximum else {
            throw refuse(field, draft)
        }
        return number
    }

    private mutating func readDuration(_ rule: ParseTable.Rule, _ field: Int, _ draft: Draft) throws(Rejection) -> Int {
        let range = rule.minimum...rule.maximum
        guard let duration = try readNumber(field, draft).milliseconds(in: range) else { throw refuse(field, draft) }
        return duration
    }

    /// A number with a fraction, as its bit pattern.
    private mutating func readFraction(_ rule: ParseTable.Rule, _ field: Int, _ draft: Draft) throws(Rejection) -> Int {
        let number = try readNumber(field, draft).double
        guard number >= 0, number <= Double(rule.maximum) else { throw refuse(field, draft) }
        return Int(bitPattern: UInt(number.bitPattern))
    }

    private mutating func readBoolean(_ field: Int, _ draft: Draft) throws(Rejection) -> Int {
        switch scanner.byte {
        case UInt8(ascii: "t"):
            try scanner.skipLiteral("true")
            return 1
        case UInt8(ascii: "f"):
            try scanner.skipLiteral("false")
            return 0
        default: throw refuse(field, draft)
        }
    }
}
