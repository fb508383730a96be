/// What `help` answers: the operation table, as members of a reply.
package enum HelpText {
    /// Writes the members of a `help` reply that follow `ok`, without a comma before the first one.
    /// - Parameter operation: the one to explain; nil lists all of them, a line each.
    package static func write(about operation: Operation?, into json: inout ByteBuffer) {
        if let operation {
            write(OperationTable[operation], into: &json)
        } else {
            writeList(into: &json)
        }
    }

    private static func writeList(into json: inout ByteBuffer) {
        json.append(#""ops":{"#)
        for (index, entry) in OperationTable.all.enumerated() {
            if index > 0 { json.append(",") }
            write(entry.operation.name, entry.summary, into: &json)
        }
        json.append(#"},"console":["#)
        let usages = OperationTable.all.compactMap { entry in entry.console?.usage(of: entry.operation) }
        for (index, usage) in usages.enumerated() {
            if index > 0 { json.append(",") }
            json.append(quoted: usage)
        }
        json.append("],")
        write(
            "hint",
            "`help send` explains one operation; a request is a line of JSON, or words as in `console`",
            into: &json
        )
    }

    private static func write(_ entry: OperationEntry, into json: inout ByteBuffer) {
        write("op", entry.operation.name, into: &json)
        json.append(",")
        write("summary", entry.summary, into: &json)
        if let console = entry.console {
            json.append(",")
            write("console", console.usage(of: entry.operation), into: &json)
        }
        json.append(#","fields":{"#)
        for (index, rule) in entry.fields.enumerated() {
            if index > 0 { json.append(",") }
            write(rule, of: entry, into: &json)
        }
        json.append("},")
        write("reply", entry.reply, into: &json)
        if let example = entry.examples.first {
            json.append(#","example":"#)
            json.append(text: example.request)
            json.append(#","answer":"#)
            json.append(text: example.reply)
        }
    }

    private static func write(_ rule: FieldRule, of entry: OperationEntry, into json: inout ByteBuffer) {
        json.append(quoted: rule.field.name)
        json.append(":{")
        write("about", rule.about, into: &json)
        json.append(",")
        write("type", rule.type.expectation, into: &json)
        if rule.isRequired { json.append(#","required":true"#) }
        if entry.exactlyOne.contains(rule.field) {
            json.append(",")
            write("exactly_one_of", entry.exactlyOne.map(\.name).joined(separator: ", "), into: &json)
        }
        if let standard = rule.standard {
            json.append(",")
            write("default", standard, into: &json)
        }
        json.append("}")
    }

    private static func write(_ name: String, _ text: String, into json: inout ByteBuffer) {
        json.append(quoted: name)
        json.append(":")
        json.append(quoted: text)
    }
}
