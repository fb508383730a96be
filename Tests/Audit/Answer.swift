/// What is read of a reply. The daemon writes its members without blanks, and the audit's bodies have no escapes.
enum Answer {
    static func isAccepted(_ line: String) -> Bool { line.hasPrefix(#"{"ok":true"#) }

    static func error(_ line: String) -> String { text("error", line[...]) ?? "" }

    static func number(_ member: String, _ text: Substring) -> Int? {
        guard let place = text.firstRange(of: "\"\(member)\":") else { return nil }
        return Int(text[place.upperBound...].prefix { $0.isNumber })
    }

    static func text(_ member: String, _ text: Substring) -> String? {
        guard let place = text.firstRange(of: "\"\(member)\":\"") else { return nil }
        return String(text[place.upperBound...].prefix { $0 != "\"" })
    }

    /// The numbers of `"ids":[…]`, or that of `"id":…`, or those of an atomic's results.
    static func ids(_ line: String) -> [Int] {
        if let place = line.firstRange(of: "\"ids\":[") {
            return line[place.upperBound...].prefix { $0 != "]" }.split(separator: ",").compactMap { Int($0) }
        }
        return line.split(separator: "\"id\":").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
    }

    static func deliveries(_ line: String) -> [Delivery] {
        line.split(separator: "{\"id\":").dropFirst().compactMap { Delivery($0) }
    }
}

/// A message as it came.
struct Delivery {
    let id: Int
    let queue: String?
    let receipt: String
    let body: String

    init?(_ text: Substring) {
        guard let id = Int(text.prefix { $0.isNumber }), let body = Answer.text("body", text) else { return nil }
        self.id = id
        self.body = body
        queue = Answer.text("queue", text)
        receipt = Answer.text("receipt", text) ?? ""
    }
}
