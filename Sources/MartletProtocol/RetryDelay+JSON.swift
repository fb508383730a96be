/// The two ways to write a `retry_delay`.
extension RetryDelay {
    /// No delay is longer than ten years.
    private static let longest = 315_360_000_000
    private static let fields = ["initial", "factor", "max"]

    private typealias Member = (name: String, value: UnsafeRawBufferPointer)

    /// Reads a number of seconds, or an object with `initial`, `factor` (1 to 1000, 1 if left out) and `max` (at least
    /// `initial`; an hour or `initial` if left out). Throws what is wrong with anything else.
    package init(json: UnsafeRawBufferPointer) throws(Failure) {
        if let members = Self.members(of: json) {
            self = try Self.assemble(members)
        } else if let initial = Self.milliseconds(json) {
            self.init(initial: initial)
        } else {
            throw Failure(.badRequest, "`retry_delay` must be \(ValueType.retryDelay.expectation)")
        }
    }

    private static func assemble(_ members: [Member]) throws(Failure) -> RetryDelay {
        for (place, member) in members.enumerated() {
            guard fields.contains(member.name) else {
                let hint = Spelling.hint(for: member.name, among: fields)
                throw Failure(.badRequest, "`retry_delay` has no field `\(member.name)`\(hint)")
            }
            guard !members[..<place].contains(where: { $0.name == member.name }) else {
                throw Failure(.badRequest, "`\(member.name)` of `retry_delay` is given twice")
            }
        }
        guard let initial = try duration("initial", members) else {
            throw Failure(.badRequest, "`retry_delay` needs `initial`: a number of seconds")
        }
        let factor = try factor(members) ?? 1
        let maximum = try duration("max", members) ?? max(initial, 3_600_000)
        guard maximum >= initial else {
            throw Failure(.badRequest, "`max` of `retry_delay` must be at least as long as `initial`")
        }
        return RetryDelay(initial: initial, factor: factor, maximum: maximum)
    }

    private static func duration(_ name: String, _ members: [Member]) throws(Failure) -> Int? {
        guard let member = members.first(where: { $0.name == name }) else { return nil }
        if let duration = milliseconds(member.value) { return duration }
        let expectation = ValueType.duration(0...longest).expectation
        throw Failure(.badRequest, "`\(name)` of `retry_delay` must be \(expectation)")
    }

    private static func factor(_ members: [Member]) throws(Failure) -> Double? {
        guard let member = members.first(where: { $0.name == "factor" }) else { return nil }
        if let factor = number(member.value)?.double, (1...1000).contains(factor) { return factor }
        throw Failure(.badRequest, "`factor` of `retry_delay` must be a number from 1 to 1000")
    }

    // MARK: JSON

    private static func milliseconds(_ json: UnsafeRawBufferPointer) -> Int? {
        number(json)?.milliseconds(in: 0...longest)
    }

    private static func number(_ json: UnsafeRawBufferPointer) -> JSONNumber? {
        guard var scanner = JSONScanner(json, maxDepth: 0) else { return nil }
        do throws(Rejection) {
            let number = try scanner.readNumber()
            try scanner.expectEnd()
            return number
        } catch {
            return nil
        }
    }

    /// Nil if it is no object.
    private static func members(of json: UnsafeRawBufferPointer) -> [Member]? {
        guard json.first == UInt8(ascii: "{"), var scanner = JSONScanner(json, maxDepth: 2) else { return nil }
        var members: [Member] = []
        do throws(Rejection) {
            if try scanner.entersEmpty(closing: UInt8(ascii: "}"), depth: 1) { return [] }
            repeat {
                let beginning = scanner.place
                _ = try scanner.readName()
                let name = Spelling.excerpt(ofQuoted: scanner.text(since: beginning))
                try scanner.skipColon()
                let value = scanner.place
                try scanner.skipValue(depth: 1)
                members.append((name, scanner.text(since: value)))
            } while try !scanner.endsObject()
            try scanner.expectEnd()
            return members
        } catch {
            return nil
        }
    }
}
