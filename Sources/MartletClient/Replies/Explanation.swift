/// One reason why a queue delivers nothing more right now.
public struct Explanation: Hashable, Sendable {
    /// `empty`, `paused`, `rate`, `delayed`, `groups_blocked`, `all_leased`, `no_consumers`, `credit_exhausted`,
    /// `slow_consumer`, or one that this library does not know.
    public let code: String
    /// For a person.
    public let text: String

    init?(_ slice: JSONSlice) {
        guard let object = slice.object, let code = object["code"]?.string else { return nil }
        self.code = code
        text = object["text"]?.string ?? ""
    }
}
