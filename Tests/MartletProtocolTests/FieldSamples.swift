@testable import MartletProtocol

/// Values for each type of field, as JSON: the edges of what is right, and what is just beyond or quite wrong.
enum FieldSamples {
    static func right(_ type: ValueType) -> [String] {
        switch type {
        case .queueName: ["\"q\"", "\"A-z:0/9._\"", text(200), #""\u0071""#]
        case .queueNameOrNone: ["\"q\"", "\"\"", "null", text(200)]
        case .queueNames(let maximum): ["[\"q\"]", names(maximum)]
        case .topic: ["\"a\"", "\"a.b_c.d-e:f/g.9\"", text(200)]
        case .topicPattern: ["\"a\"", "\"*\"", "\"#\"", "\"a.*.#\"", "\"#.*.b\""]
        case .text(let range): [text(range.lowerBound), text(range.upperBound), #""\u00e9\"\n""#]
        case .receipts(let maximum): ["[\"x\"]", many("\"r\"", maximum), "[\(text(128))]"]
        case .integer(let range):
            ["\(range.lowerBound)", "\(range.upperBound)", "\(range.upperBound).0", "\(range.lowerBound)e0"]
        case .identifiers(let maximum): ["[1]", "[9007199254740991]", many("7", maximum), "[1,2.0,3e0]"]
        case .duration(let range): [seconds(range.lowerBound), seconds(range.upperBound), "1", "0.0014", "1e0"]
        case .instant: ["0", "9007199254740991", "1e12"]
        case .number(let maximum): ["0", "0.5", "\(maximum)", "1e2"]
        case .boolean: ["true", "false"]
        case .choice(let names): names.map { "\"\($0)\"" }
        case .anything: ["null", "true", "0", "\"\"", "{}", "[]", #"{"op":"x","op":1}"#, "-1e999", "[[1,{\"a\":[]}]]"]
        case .object: ["{}", #"{"a":1,"a":2}"#, #"{ "op" : [] }"#]
        case .messages: [#"[{"body":1}]"#, #"[ { "priority" : 3 , "body" : null } , {"body":[]} ]"#]
        case .requests(let maximum, _):
            [#"[{"op":"send","queue":"q","body":1}]"#, many(#"{"queue":"q","op":"delete","id":1}"#, maximum)]
        case .retryDelay: ["0", "1.5", #"{"initial":1,"factor":2,"max":300}"#, #"{"initial":0}"#]
        case .operation: ["\"send\"", "\"unsubscribe\""]
        }
    }

    static func wrong(_ type: ValueType) -> [String] {
        switch type {
        case .queueName:
            ["\"\"", text(201), "\"a b\"", "\"é\"", #""\u0020""#, "\"a*\"", #""\n""#] + [
                "1", "null", "[]", "{}", "true",
            ]
        case .queueNameOrNone: [text(201), "\"a b\"", "1", "[]", "{}", "true", "false"]
        case .queueNames: ["[]", "\"q\"", "[1]", "[\"\"]", #"["q","a","q"]"#, #"["q","\u0071"]"#, "null", "{}", "[[]]"]
        case .topic: ["\"\"", text(201), "\"a..b\"", "\".a\"", "\"a.\"", "\"a.*\"", "\"#\"", "\"a b\"", "1", "null"]
        case .topicPattern: ["\"\"", text(201), "\"a..b\"", "\"a*\"", "\"##\"", "\"a.#b\"", "1", "null", "[]"]
        case .text(let range):
            (range.lowerBound > 0 ? ["\"\""] : []) + [text(range.upperBound + 1), "1", "null", "{}", "[]"]
        case .receipts: ["[]", "\"x\"", "[1]", "[\"\"]", "[\(text(129))]", "null", "{}"]
        case .integer(let range):
            ["\(range.lowerBound - 1)", "\(range.upperBound + 1)", "1.5", "\"1\"", "null", "true", "[]", "{}", "1e99"]
        case .identifiers: ["[]", "1", "[0]", "[-1]", "[1.5]", "[\"1\"]", "[9007199254740992]", "null", "{}", "[null]"]
        case .duration(let range):
            (range.lowerBound > 0 ? ["0", "0.0009", "1e-9"] : []) + [
                "-1", "-0.0001", "\(range.upperBound / 1000 + 1)", "\(range.upperBound / 1000).0004", "1e99", "\"1\"",
                "null", "[]",
            ]
        case .instant: ["-1", "1.5", "9007199254740992", "\"1\"", "null", "true"]
        case .number(let maximum): ["-1", "-0.1", "\(maximum + 1)", "1e400", "\"1\"", "null"]
        case .boolean: ["0", "1", "\"true\"", "null", "[]", "{}"]
        case .choice: ["\"\"", "\"x\"", "\"Ready\"", "0", "null", "[]"]
        case .anything: []
        case .object: ["null", "[]", "\"\"", "1", "true"]
        case .messages: ["[]", "{}", "[1]", "[[]]", "[{}]", #"[{"body":1},2]"#, "null", #"[{"body":1,"queue":"q"}]"#]
        case .requests: ["[]", "{}", "[1]", "[{}]", #"[{"op":"ping"}]"#, #"[{"op":"atomic","requests":[]}]"#, "null"]
        case .retryDelay:
            [
                "-1", "\"1\"", "null", "[]", "{}", #"{"factor":2}"#, #"{"initial":1,"factor":0.5}"#,
                #"{"initial":1,"x":1}"#,
            ]
                + [#"{"initial":9,"max":1}"#, #"{"initial":1,"initial":1}"#, #"{"initial":{}}"#, "315360001"]
        case .operation: ["1", "null", "[]"]
        }
    }

    /// A request of an operation with one field set to `value`, and whatever else it needs.
    static func line(_ entry: OperationEntry, _ field: Field?, _ value: String) -> String {
        var members = ["\"op\":\"\(entry.operation.name)\""]
        for rule in entry.fields where rule.isRequired && rule.field != field { members.append(member(rule)) }
        let others = Set(entry.conflicts.filter { $0.field == field }.flatMap(\.others))
        let blocked = Set(
            entry.conflicts.filter { conflict in field.map(conflict.others.contains) ?? false }.map(\.field)
        )
        if !entry.exactlyOne.isEmpty, field.map(entry.exactlyOne.contains) != true {
            for rule in entry.fields where entry.exactlyOne.contains(rule.field) {
                if others.contains(rule.field) || blocked.contains(rule.field) { continue }
                members.append(member(rule))
                break
            }
        }
        if let field { members.append("\"\(field.name)\":\(value)") }
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func member(_ rule: FieldRule) -> String { "\"\(rule.field.name)\":\(right(rule.type)[0])" }

    private static func text(_ length: Int) -> String { "\"" + String(repeating: "x", count: length) + "\"" }

    static func many(_ element: String, _ count: Int) -> String {
        "[" + Array(repeating: element, count: count).joined(separator: ",") + "]"
    }

    private static func names(_ count: Int) -> String {
        "[" + (0..<count).map { "\"q\($0)\"" }.joined(separator: ",") + "]"
    }

    private static func seconds(_ milliseconds: Int) -> String {
        milliseconds % 1000 == 0 ? "\(milliseconds / 1000)" : "\(Double(milliseconds) / 1000)"
    }
}
