import Testing

@testable import MartletProtocol

/// Every field of every operation, with values right and wrong, twice, and where it does not belong.
@Suite struct OperationTableTests {
    static let entries = OperationTable.all

    @Test func theTableHoldsEveryOperationInOrder() {
        #expect(Self.entries.map(\.operation) == MartletProtocol.Operation.allCases)
        let used = Set(Self.entries.flatMap(\.fields).map(\.field))
        #expect(used == Set(Field.allCases), "every field belongs to an operation")
        for entry in Self.entries {
            #expect(!entry.summary.isEmpty && !entry.reply.isEmpty)
            #expect(Set(entry.fields.map(\.field)).count == entry.fields.count)
            #expect(entry.fields.allSatisfy { !$0.about.isEmpty })
            #expect(entry.exactlyOne.allSatisfy { entry.rule(of: $0)?.isRequired == false })
        }
    }

    @Test(arguments: MartletProtocol.Operation.allCases) func rightValuesAreTaken(
        _ operation: MartletProtocol.Operation
    ) {
        let entry = OperationTable[operation]
        for rule in entry.fields {
            for value in FieldSamples.right(rule.type) {
                let parsed = Parsed(FieldSamples.line(entry, rule.field, value))
                #expect(parsed.failure == nil, "\(entry.operation).\(rule.field): \(value.prefix(80))")
                #expect(parsed.request?.has(rule.field) == true)
                #expect(parsed.request?.jsonText(rule.field) == value)
            }
        }
    }

    @Test(arguments: MartletProtocol.Operation.allCases) func wrongValuesAreRefusedByName(
        _ operation: MartletProtocol.Operation
    ) {
        let entry = OperationTable[operation]
        for rule in entry.fields {
            for value in FieldSamples.wrong(rule.type) {
                let failure = Parsed(FieldSamples.line(entry, rule.field, value)).failure
                #expect(failure?.code == .badRequest, "\(entry.operation).\(rule.field): \(value.prefix(80))")
                #expect(failure?.reason.contains(rule.field.name) == true, "\(failure?.reason ?? "")")
            }
        }
    }

    @Test(arguments: MartletProtocol.Operation.allCases) func aFieldGivenTwiceIsRefusedByName(
        _ operation: MartletProtocol.Operation
    ) {
        let entry = OperationTable[operation]
        for rule in entry.fields {
            let value = FieldSamples.right(rule.type)[0]
            let line = FieldSamples.line(entry, rule.field, value).dropLast()
            let letters = rule.field.name.unicodeScalars.map { "\\u00" + String($0.value, radix: 16) }.joined()
            for name in [rule.field.name, letters] {
                let failure = Parsed("\(line),\"\(name)\":\(value)}").failure
                #expect(failure?.code == .badRequest)
                #expect(
                    failure?.reason.contains("`\(rule.field.name)` is given twice") == true,
                    "\(failure?.reason ?? "")"
                )
            }
        }
    }

    @Test(arguments: MartletProtocol.Operation.allCases) func aFieldOfOthersIsRefusedByName(
        _ operation: MartletProtocol.Operation
    ) {
        let entry = OperationTable[operation]
        let base = FieldSamples.line(entry, nil, "")
        #expect(Parsed(base).failure == nil)
        let strangers = Field.allCases.filter { entry.rule(of: $0) == nil }.map(\.name) + ["prioritty", "", "Op", "é"]
        for name in strangers {
            for line in ["\(base.dropLast()),\"\(name)\":1}", "{\"\(name)\":1,\(base.dropFirst())"] {
                let failure = Parsed(line).failure
                #expect(failure?.code == .badRequest)
                #expect(failure?.reason.contains("no field `\(name)`") == true, "\(failure?.reason ?? "")")
            }
        }
    }

    @Test(arguments: MartletProtocol.Operation.allCases) func aMissingFieldIsNamed(
        _ operation: MartletProtocol.Operation
    ) {
        let entry = OperationTable[operation]
        let failure = Parsed("{\"op\":\"\(entry.operation.name)\"}").failure
        let required = entry.fields.filter(\.isRequired).map(\.field)
        if let first = required.first ?? entry.exactlyOne.first {
            #expect(failure?.code == .badRequest)
            #expect(failure?.reason.contains("`\(first.name)`") == true)
        } else {
            #expect(failure == nil)
        }
    }

    @Test(arguments: MartletProtocol.Operation.allCases) func choicesAndConflictsAreKept(
        _ operation: MartletProtocol.Operation
    ) {
        let entry = OperationTable[operation]
        func refusal(_ one: Field, _ other: Field) -> Failure? {
            guard let first = entry.rule(of: one), let second = entry.rule(of: other) else { return nil }
            let line = FieldSamples.line(entry, one, FieldSamples.right(first.type)[0]).dropLast()
            return Parsed("\(line),\"\(other.name)\":\(FieldSamples.right(second.type)[0])}").failure
        }
        for one in entry.exactlyOne {
            for other in entry.exactlyOne where other != one {
                #expect(refusal(one, other)?.reason.contains("only one of") == true)
            }
        }
        for conflict in entry.conflicts {
            for other in conflict.others {
                #expect(refusal(conflict.field, other)?.code == .badRequest, "\(conflict.field) with \(other)")
                #expect(refusal(conflict.field, other)?.reason.contains("`\(other.name)`") == true)
            }
        }
    }

    @Test func aMisspeltFieldOrOperationIsGuessed() {
        let field = Parsed(#"{"op":"send","queue":"q","body":1,"prioritty":2}"#).failure
        #expect(field?.reason.contains("did you mean `priority`?") == true)
        let operation = Parsed(#"{"op":"sned"}"#).failure
        #expect(operation?.code == .unknownOperation)
        #expect(operation?.reason.contains("`sned`") == true)
        #expect(operation?.reason.contains("did you mean `send`?") == true)
        #expect(Parsed(#"{"op":"xyzzyplugh"}"#).failure?.reason.contains("`help`") == true)
        #expect(Parsed(#"{"op":"help","about":"sned"}"#).failure?.code == .unknownOperation)
        let long = String(repeating: "é", count: 100_000)
        #expect(Parsed(#"{"op":"\#(long)"}"#).failure.map { $0.reason.utf8.count < 200 } == true)
        #expect(Parsed(#"{"op":"ping","\#(long)":1}"#).failure.map { $0.reason.utf8.count < 200 } == true)
    }

    @Test func whatOthersCallItIsKnown() {
        for (name, meant) in Synonyms.operations {
            #expect(meant.allSatisfy(MartletProtocol.Operation.allCases.map(\.name).contains), "\(name)")
            #expect(!MartletProtocol.Operation.allCases.map(\.name).contains(name), "\(name) is an operation")
            #expect(Parsed("{\"op\":\"\(name)\"}").failure?.reason.contains("`\(meant[0])`?") == true)
        }
        for (name, meant) in Synonyms.fields {
            #expect(meant.allSatisfy(Field.allCases.map(\.name).contains), "\(name)")
        }
        func hint(_ members: String) -> String? { Parsed("{\"op\":\(members)}").failure?.reason }
        #expect(hint(#""receive","queue":"q","timeout":1"#)?.contains("did you mean `wait`?") == true)
        #expect(hint(#""subscribe","queue":"q","timeout":1"#)?.contains("did you mean `lease`?") == true)
        #expect(hint(#""send","queue":"q","payload":1"#)?.contains("did you mean `body`?") == true)
        #expect(hint(#""declare","queue":"q","max_retries":1"#)?.contains("did you mean `max_attempts`?") == true)
        #expect(hint(#""send","queue":"q","messages":[{"Body":1}]"#)?.contains("did you mean `body`?") == true)
        #expect(hint(#""ping","payload":1"#)?.contains("it takes `tag`") == true)
    }

    @Test(arguments: ["1", "null", "[]", "\"\"", "\"send \"", "\"SEND\"", "\"s\\u0000\""])
    func opMustNameAnOperation(_ value: String) {
        let failure = Parsed("{\"op\":\(value)}").failure
        #expect(failure?.code == (value.hasPrefix("\"") ? .unknownOperation : .badRequest))
    }

    @Test(arguments: ["{}", "{ }", #"{"queue":"q"}"#, #"{"tag":1}"#]) func opMustBeThere(_ line: String) {
        #expect(Parsed(line).failure?.code == .badRequest)
        #expect(Parsed(line).failure?.reason.contains("`op` is missing") == true)
    }

    @Test func opTwiceIsRefused() {
        for line in [#"{"op":"ping","op":"ping"}"#, #"{"tag":1,"op":"ping","\u006fp":"ping"}"#] {
            #expect(Parsed(line).failure == Failure(.badRequest, "`op` is given twice"))
        }
    }
}
