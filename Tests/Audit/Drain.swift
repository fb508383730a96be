import Glibc

/// Reads and deletes everything that is left.
struct Drain {
    let book: Book
    let session: Session

    enum Failure: Error { case neverEmpty(String) }

    func run() throws {
        let deadline = Instant.now + 40_000
        while true {
            for queue in AuditQueue.allCases { try drain(queue) }
            let answers = try AuditQueue.allCases.map { try session.ask("{\"op\":\"stats\",\"queue\":\"\($0)\"}") }
            if answers.allSatisfy({ isEmpty($0) }) { return }
            guard Instant.now < deadline else { throw Failure.neverEmpty(answers.joined(separator: "\n")) }
        }
    }

    /// Whether there is nothing in any state. A queue that nobody has used may not be there.
    private func isEmpty(_ answer: String) -> Bool {
        ["ready", "delayed", "leased", "dead"].allSatisfy { Answer.number($0, answer[...]) ?? 0 == 0 }
    }

    private func drain(_ queue: AuditQueue) throws {
        while true {
            let begun = book.step
            let answer = try session.ask("{\"op\":\"receive\",\"queue\":\"\(queue)\",\"max\":500,\"wait\":0.1}")
            let deliveries = Answer.deliveries(answer)
            if deliveries.isEmpty {
                guard Answer.isAccepted(answer) else { return book.find("the drain was answered \(answer)") }
                return
            }
            for delivery in deliveries {
                guard let token = book.deliver(delivery, from: queue, begun: begun) else { continue }
                book.leave(token, in: queue)
            }
            let receipts = deliveries.map { "\"\($0.receipt)\"" }.joined(separator: ",")
            let line = "{\"op\":\"delete\",\"queue\":\"\(queue)\",\"receipts\":[\(receipts)]}"
            let deleted = try session.ask(line)
            if Answer.number("deleted", deleted[...]) != deliveries.count {
                book.find("the drain was answered \(deleted)")
            }
        }
    }
}

extension Book {
    /// A message was there at the end.
    func leave(_ token: Int, in queue: AuditQueue) {
        state.withLock { state in
            state.entries[token].settlingHasBegun = true
            if queue == .graveyard {
                state.entries[token].leftInGraveyard += 1
            } else {
                state.entries[token].left += 1
            }
        }
    }
}
