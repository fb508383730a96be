/// Compares lines of the core with lines of the model, which writes receipts as `ID.#N`, and learns the receipts on the
/// way: the Nth lease's receipt is what the core has said where the model says `#N`.
struct ReceiptBook {
    private var receipts: [Int: String] = [:]
    private var leases: [String: Int] = [:]

    func receipt(of lease: Int) -> String? { receipts[lease] }

    /// Forgets receipts of leases behind this one: a power cut has undone them, and their numbers are given out again.
    mutating func forget(after lease: Int) {
        receipts = receipts.filter { $0.key <= lease }
        leases = leases.filter { $0.value <= lease }
    }

    /// Whether the line says what the model expects.
    mutating func agree(_ line: String, _ expected: String) -> Bool {
        var actual = LineComparison.essence(of: line)
        let found = LineComparison.values(of: "\"receipt\":\"", in: actual)
        let marks = LineComparison.values(of: "\"receipt\":\"", in: expected)
        guard found.count == marks.count else { return false }
        for (receipt, mark) in zip(found, marks) where receipt != mark {
            guard learn(receipt, as: mark) else { return false }
            actual = LineComparison.replace("\"\(receipt)\"", with: "\"\(mark)\"", in: actual)
        }
        return LineComparison.agree(actual, expected)
    }

    /// A receipt belongs to one lease for ever, and carries the message's id.
    private mutating func learn(_ receipt: String, as mark: String) -> Bool {
        guard let sign = mark.firstIndex(of: "#"), let number = Int(mark[mark.index(after: sign)...]) else {
            return receipt == mark
        }
        if number == 0 { return receipt == "1.never" }
        if let known = receipts[number] { return known == receipt }
        guard leases[receipt] == nil, receipt.hasPrefix(mark[..<sign]) else { return false }
        receipts[number] = receipt
        leases[receipt] = number
        return true
    }
}
