/// Which message of a queue is meant.
public enum MessageReference: Hashable, Sendable {
    case id(Int)
    /// One lease of the message; refused once that lease has ended.
    case receipt(String)

    func write(to line: inout RequestLine) {
        switch self {
        case .id(let id): line.add("id", id)
        case .receipt(let receipt): line.add("receipt", receipt)
        }
    }
}
