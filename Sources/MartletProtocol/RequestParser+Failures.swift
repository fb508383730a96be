/// What a refused request is told. Off the hot path: Strings are made freely here.
extension RequestParser {
    /// Notes the failure and returns what is to be thrown.
    /// - Parameters:
    ///   - level: how many requests are around the one that is wrong.
    ///   - isMessage: it is an object of `messages`.
    @inline(never)
    mutating func refuse(_ code: ErrorCode, _ sentence: String, level: Int, isMessage: Bool = false) -> Rejection {
        let place = place(level: level, isMessage: isMessage)
        var failure = Failure(code, place.isEmpty ? sentence : "\(place): \(sentence)")
        failure.index = isInAtomic(level: level, isMessage: isMessage) ? elements.0 : nil
        self.failure = failure
        return scanner.rejection(.refused)
    }

    mutating func refuse(_ code: ErrorCode, _ sentence: String, _ draft: Draft) -> Rejection {
        refuse(code, sentence, level: draft.level, isMessage: draft.form == ParseTable.messageForm)
    }

    /// Which part of the request is meant: `requests[2].messages[0]`, counted from 0 as programs count.
    private func place(level: Int, isMessage: Bool) -> String {
        switch (level, isMessage) {
        case (0, _): ""
        case (1, true): "messages[\(elements.0)]"
        case (1, false): "requests[\(elements.0)]"
        default: "requests[\(elements.0)].messages[\(elements.1)]"
        }
    }

    /// The messages of a batch stand at level 1 as an `atomic`'s requests do; what is deeper is in an `atomic`.
    private func isInAtomic(level: Int, isMessage: Bool) -> Bool { level > 1 || level == 1 && !isMessage }

    // MARK: Values

    /// The value of a field is not what the operation table says.
    @inline(never)
    mutating func refuse(_ field: Int, _ draft: Draft) -> Rejection {
        let expectation = rule(of: field, draft)?.type.expectation ?? "left out"
        return refuse(.badRequest, "`\(name(of: field))` must be \(expectation)", draft)
    }

    @inline(never)
    mutating func refuseTooMany(_ field: Int, _ draft: Draft, maximum: Int) -> Rejection {
        refuse(.tooMany, "`\(name(of: field))` may have at most \(maximum) elements", draft)
    }

    @inline(never)
    mutating func refuseTooManyBatched(_ draft: Draft) -> Rejection {
        refuse(.tooMany, "all `messages` of an `atomic` together may have at most \(maxBatch) elements", draft)
    }

    @inline(never)
    mutating func refuseSameQueue(_ queue: UnsafeRawBufferPointer, _ draft: Draft) -> Rejection {
        refuse(.badRequest, "`queues` names `\(String(decoding: queue, as: UTF8.self))` twice", draft)
    }

    @inline(never)
    mutating func refuseBody(_ draft: Draft) -> Rejection {
        refuse(.tooLarge, "`body` is larger than \(maxBody) bytes, the limit for one message", draft)
    }

    /// An element of `messages` or `requests` is no object.
    @inline(never)
    mutating func refuseElement(_ draft: Draft) -> Rejection {
        let isMessage = draft.form == ParseTable.messageForm
        return refuse(.badRequest, "\(isMessage ? "a message" : "a request") must be a JSON object", draft)
    }

    // MARK: Names

    /// - Parameter text: the name as it stands in the line, with its quotes.
    @inline(never)
    mutating func refuseUnknownField(_ text: UnsafeRawBufferPointer, _ draft: Draft) -> Rejection {
        let name = Spelling.excerpt(ofQuoted: text)
        let entry = entry(of: draft)
        let subject = draft.form == ParseTable.messageForm ? "a message" : "`\(entry.operation.name)`"
        // A part of an `atomic` and a message of a batch have no tag.
        let known = draft.level == 0 ? entry.fieldNames + ["tag"] : entry.fieldNames
        let hint = Spelling.hint(for: name, among: known, Synonyms.fields)
        return refuse(.badRequest, "\(subject) has no field `\(name)`\(hint)", draft)
    }

    @inline(never)
    mutating func refuseTwice(_ text: UnsafeRawBufferPointer, _ draft: Draft) -> Rejection {
        refuse(.badRequest, "`\(Spelling.excerpt(ofQuoted: text))` is given twice", draft)
    }

    /// - Parameter text: the name as it stands in the line, with its quotes.
    @inline(never)
    mutating func refuseOperation(named text: UnsafeRawBufferPointer, level: Int) -> Rejection {
        let sentence = Self.unknownOperation(Spelling.excerpt(ofQuoted: text))
        return refuse(.unknownOperation, sentence, level: level)
    }

    private static let operationNames = Operation.allCases.map(\.name)

    static func unknownOperation(_ name: String) -> String {
        let meant = Spelling.guess(for: name, among: operationNames, Synonyms.operations)
        return "there is no operation `\(name)`; "
            + (meant.map { "did you mean `\($0)`?" } ?? "`help` lists them all")
    }

    /// An operation that cannot be part of an atomic request.
    @inline(never)
    mutating func refuseNested(_ draft: Draft) -> Rejection {
        let name = entry(of: draft).operation.name
        return refuse(.badRequest, "`\(name)` cannot be part of an atomic request", level: draft.level)
    }

    // MARK: Combinations

    /// The fields of a request do not fit together: says the first thing that is wrong with them.
    @inline(never)
    mutating func refuseCombination(_ draft: Draft) -> Rejection {
        let entry = entry(of: draft)
        let given = Field.allCases.filter { draft.fields & ParseTable.Form.set([$0]) != 0 }
        let subject = draft.form == ParseTable.messageForm ? "a message" : "`\(entry.operation.name)`"
        let missing = entry.fields.filter { $0.isRequired && !given.contains($0.field) }
        if let first = missing.first {
            return refuse(.badRequest, "\(subject) needs `\(first.field.name)`: \(first.type.expectation)", draft)
        }
        let chosen = entry.exactlyOne.filter(given.contains)
        if !entry.exactlyOne.isEmpty, chosen.count != 1 {
            let choice = entry.exactlyOne.map { "`\($0.name)`" }.joined(separator: ", ")
            let problem = chosen.isEmpty ? "needs one of" : "takes only one of"
            return refuse(.badRequest, "\(subject) \(problem) \(choice)", draft)
        }
        for conflict in entry.conflicts where given.contains(conflict.field) {
            if let other = conflict.others.first(where: given.contains) {
                let sentence = "`\(other.name)` cannot stand together with `\(conflict.field.name)`"
                return refuse(.badRequest, sentence, draft)
            }
        }
        return refuse(.internal, "the fields do not fit together", draft)
    }

    // MARK: The table

    private func entry(of draft: Draft) -> OperationEntry {
        draft.form == ParseTable.messageForm ? OperationTable.message : OperationTable.all[draft.form]
    }

    func rule(of field: Int, _ draft: Draft) -> FieldRule? {
        Field(rawValue: UInt8(truncatingIfNeeded: field)).flatMap { entry(of: draft).rule(of: $0) }
    }

    private func name(of field: Int) -> String {
        Field(rawValue: UInt8(truncatingIfNeeded: field))?.name ?? "field"
    }
}
