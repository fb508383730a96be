/// Why reading a line stopped, and where. Small and plain, so that it can be thrown on the hot path for nothing.
struct Rejection: Error, BitwiseCopyable, Equatable {
    enum Cause: UInt8, CaseIterable, BitwiseCopyable {
        case value, name, colon, commaOrBrace, commaOrBracket, text, control, escape, surrogate, utf8, digit, depth, end
        /// The line may be JSON, but the request is refused: the parser holds the failure.
        case refused
    }

    let cause: Cause
    /// Bytes before the one that is wrong; people are told it counted from 1.
    let offset: Int

    /// The sentence of a `bad_json` reply about a line of `length` bytes, which may be nested so deep.
    func reason(length: Int, maxDepth: Int) -> String {
        if cause == .depth {
            return "arrays and objects are nested deeper than \(maxDepth), which is the limit, at byte \(offset + 1)"
        }
        let place = offset >= length ? "the line ends too early: after byte \(length) " : "at byte \(offset + 1) "
        return "not well-formed JSON: " + place + expectation
    }

    private var expectation: String {
        switch cause {
        case .value: "a value is expected"
        case .name: "a member name in double quotes is expected"
        case .colon: "a colon is expected"
        case .commaOrBrace: "a comma or a closing brace is expected"
        case .commaOrBracket: "a comma or a closing bracket is expected"
        case .text: "more of a string, or its closing quote, is expected"
        case .control: "stands a control character, which must be escaped in a string"
        case .escape: "stands no valid escape"
        case .surrogate: "stands half of a surrogate pair without the other half"
        case .utf8: "the text is not valid UTF-8"
        case .digit: "a digit is expected, without leading zeros"
        case .depth: "arrays and objects are nested deeper than the limit"
        case .end: "stands something after the end of the object"
        case .refused: "the request is refused"
        }
    }
}
