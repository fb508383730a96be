/// One line from the server: the reply to a request, or an event.
struct Reply: Sendable {
    let object: JSONObject

    /// - Throws: ``ConnectionError/malformedReply(_:)`` if the line is not of the protocol.
    init(_ line: [UInt8]) throws(ConnectionError) {
        guard let object = JSONObject(line) else {
            let start = String(decoding: line.prefix(40), as: UTF8.self)
            throw .malformedReply("'\(start)' is no reply")
        }
        self.object = object
    }

    var isEvent: Bool { object["event"] != nil }

    /// The refusal if this is one.
    var refusal: MartletError? {
        guard object["ok"]?.isTrue != true else { return nil }
        return MartletError(
            code: MartletError.Code(rawValue: object["error"]?.string ?? "internal"),
            reason: object["reason"]?.string ?? "",
            index: object["index"]?.integer
        )
    }

    /// The whole line.
    var text: JSONText { JSONText(trusted: object.bytes) }

    /// - Throws: What `name` lacks, as ``ConnectionError/malformedReply(_:)``.
    func integer(_ name: StaticString) throws -> Int {
        guard let value = object[name]?.integer else { throw missing(name) }
        return value
    }

    func elements(_ name: StaticString) throws -> [JSONSlice] {
        guard let value = object[name]?.elements else { throw missing(name) }
        return value
    }

    func missing(_ name: StaticString) -> ConnectionError {
        .malformedReply("the reply lacks '\(name)'")
    }
}
