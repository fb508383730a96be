extension Int {
    /// A number of things, as a sentence needs it: `1 message`, `2 messages`.
    func counted(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }
}
