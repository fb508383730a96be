import Glibc

/// Sends messages in all ways there are, several requests at a time.
final class Producer: Worker {
    private let book: Book
    private let number: Int
    private var random: SeededGenerator
    private let ceiling: Int
    /// What was sent with a key, and may or may not have come: it is sent again until there is an answer.
    private var unsure: [(unit: Int, line: String)] = []

    init(_ book: Book, number: Int, seed: UInt64, ceiling: Int) {
        self.book = book
        self.number = number
        self.ceiling = ceiling
        random = SeededGenerator(seed: seed &+ UInt64(number))
    }

    private struct Request {
        let unit: Int
        let line: String
        var hasKey = false
    }

    func goOn(_ session: Session) throws(Session.Lost) {
        while let (unit, line) = unsure.last {
            let answer = try session.ask(line)
            if answer.contains("\"duplicate\":true") { book.count("sends found to have come, by their key") }
            note(answer, Request(unit: unit, line: line, hasKey: true))
            unsure.removeLast()
        }
    }

    func work(_ session: Session) throws(Session.Lost) {
        guard book.live < ceiling else {
            // There is enough to consume for the moment.
            usleep(1_000)
            return
        }
        let requests = (0..<Int.random(in: 1...8, using: &random)).map { _ in request() }
        var answered = 0
        do throws(Session.Lost) {
            try session.say(requests.map(\.line))
            while answered < requests.count {
                note(try session.hear(), requests[answered])
                answered += 1
            }
        } catch {
            for request in requests[answered...] { lose(request) }
            throw error
        }
    }

    private func note(_ answer: String, _ request: Request) {
        if Answer.isAccepted(answer) { return book.acknowledge(request.unit, ids: Answer.ids(answer)) }
        book.refuse(request.unit)
        book.count("sends refused: \(Answer.error(answer))")
        if Answer.error(answer) != "draining" { book.find("a send was answered \(answer)") }
    }

    private func lose(_ request: Request) {
        if request.hasKey { unsure.append((request.unit, request.line)) } else { book.lose(request.unit) }
    }

    // MARK: Requests

    private func request() -> Request {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: batch()
        case 1: atomic()
        case 2, 3: keyed()
        case 4: grouped()
        default: single()
        }
    }

    private func single() -> Request {
        let (unit, tokens) = book.begin([.jobs])
        let delay = random.chance(10) ? ",\"delay\":0.05" : random.chance(10) ? ",\"priority\":7" : ""
        return Request(unit: unit, line: send(.jobs, tokens.lowerBound, delay))
    }

    private func keyed() -> Request {
        let (unit, tokens) = book.begin([.jobs])
        return Request(unit: unit, line: send(.jobs, tokens.lowerBound, ",\"dedup\":\"key-\(unit)\""), hasKey: true)
    }

    /// Each producer has groups of its own, so that it knows their order.
    private func grouped() -> Request {
        let group = number * 4 + Int.random(in: 1...4, using: &random)
        let (unit, tokens) = book.begin([.ordered], group: group)
        return Request(unit: unit, line: send(.ordered, tokens.lowerBound, ",\"group\":\"g\(group)\""))
    }

    private func batch() -> Request {
        let count = Int.random(in: 2...30, using: &random)
        let (unit, tokens) = book.begin(Array(repeating: .jobs, count: count))
        let messages = tokens.map { "{\"body\":\"\(Body.text($0))\"}" }.joined(separator: ",")
        return Request(unit: unit, line: "{\"op\":\"send\",\"queue\":\"jobs\",\"messages\":[\(messages)]}")
    }

    private func atomic() -> Request {
        let count = Int.random(in: 2...6, using: &random)
        let queues = (0..<count).map { $0 % 2 == 0 ? AuditQueue.jobs : .moved }
        let (unit, tokens) = book.begin(queues)
        let sends = zip(queues, tokens).map { send($0, $1, "") }.joined(separator: ",")
        return Request(unit: unit, line: "{\"op\":\"atomic\",\"requests\":[\(sends)]}")
    }

    private func send(_ queue: AuditQueue, _ token: Int, _ more: String) -> String {
        "{\"op\":\"send\",\"queue\":\"\(queue)\",\"body\":\"\(Body.text(token))\"\(more)}"
    }
}
