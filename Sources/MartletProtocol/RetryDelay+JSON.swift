/// The two ways to write a `retry_delay`.
extension RetryDelay {
    /// No delay is longer than ten years.
    private static let longest = 315_360_000_000

    /// Reads a number of seconds, or an object with `initial`, `factor` (1 to 1000, 1 if left out) and `max` (at least
    /// `initial`; an hour or `initial` if left out). Nil for anything else, also for names unknown or given twice.
    package init?(json: UnsafeRawBufferPointer) {
        guard var scanner = JSONScanner(json, maxDepth: 1) else { return nil }
        do throws(Rejection) {
            scanner.skipBlanks()
            let isObject = scanner.byte == UInt8(ascii: "{")
            let read =
                isObject ? try Self.readObject(&scanner) : try Self.readSeconds(&scanner).map { Self(initial: $0) }
            try scanner.expectEnd()
            guard let read else { return nil }
            self = read
        } catch {
            return nil
        }
    }

    private static func readSeconds(_ scanner: inout JSONScanner) throws(Rejection) -> Int? {
        guard let milliseconds = try scanner.readNumber().milliseconds else { return nil }
        return (0...longest).contains(milliseconds) ? milliseconds : nil
    }

    private static func readObject(_ scanner: inout JSONScanner) throws(Rejection) -> RetryDelay? {
        var initial: Int?
        var factor: Double?
        var maximum: Int?
        if try scanner.entersEmpty(closing: UInt8(ascii: "}"), depth: 1) { return nil }
        repeat {
            let name = try scanner.readName()
            try scanner.skipColon()
            if name == Name("initial"), initial == nil {
                guard let seconds = try readSeconds(&scanner) else { return nil }
                initial = seconds
            } else if name == Name("factor"), factor == nil {
                factor = try scanner.readNumber().double
            } else if name == Name("max"), maximum == nil {
                guard let seconds = try readSeconds(&scanner) else { return nil }
                maximum = seconds
            } else {
                return nil
            }
        } while try !scanner.endsObject()
        return assemble(initial, factor ?? 1, maximum)
    }

    private static func assemble(_ initial: Int?, _ factor: Double, _ maximum: Int?) -> RetryDelay? {
        guard let initial, factor >= 1, factor <= 1000 else { return nil }
        let maximum = maximum ?? max(initial, 3_600_000)
        guard maximum >= initial else { return nil }
        return RetryDelay(initial: initial, factor: factor, maximum: maximum)
    }
}
