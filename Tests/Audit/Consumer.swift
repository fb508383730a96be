import Glibc

/// Receives and settles. What it holds when the daemon dies, it settles by receipt when the daemon is back.
final class Consumer: Worker {
    private let book: Book
    private let graceEnds: Int
    /// Whether leases outlive the daemon for certain.
    private let leasesOutlive: Bool
    private var random: SeededGenerator
    private var held: [Held] = []
    /// Milliseconds that a promise may be broken early: the daemon's clock and ours are read at different moments.
    private static let margin = 1_500

    private struct Held {
        let token: Int
        let queue: AuditQueue
        let receipt: String
        let isKept: Bool
        /// `Book.orderlyEnds` before it was received.
        let ends: Int
        /// Until when its receipt is good for certain.
        var until: Int
    }

    private enum Action { case delete, release, reject, move }

    private struct Request {
        let held: Held
        let action: Action
        let line: String
        var unit = 0
    }

    /// - Parameter grace: the daemon's `lease_grace`, in milliseconds.
    init(_ book: Book, number: Int, seed: UInt64, grace: Int, leasesOutlive: Bool) {
        self.book = book
        self.leasesOutlive = leasesOutlive
        graceEnds = grace - Self.margin
        random = SeededGenerator(seed: seed &+ UInt64(1_000 + number))
    }

    // MARK: After a death

    func goOn(_ session: Session) throws(Session.Lost) {
        while let message = held.last {
            book.beginSettling(message.token)
            let answer: String
            do throws(Session.Lost) {
                answer = try session.ask(line(.delete, message).line)
            } catch {
                book.loseSettling(message.token)
                throw error
            }
            noteLate(answer, message)
            held.removeLast()
        }
    }

    private func noteLate(_ answer: String, _ message: Held) {
        if Answer.isAccepted(answer) {
            book.settle(message.token, isReject: false)
            return book.count("deletes by a receipt of the run before")
        }
        let isUnsure = book.mayBeSettled(message.token)
        book.count(isUnsure ? "receipts that were used up by an unanswered request" : "receipts that had run out")
        let hasOutlived = message.isKept || message.ends % 2 == 0 && message.ends == book.orderlyEnds
        if leasesOutlive, !isUnsure, hasOutlived, Instant.now < message.until {
            book.find("the receipt of \(message.token), good for \(message.until - Instant.now) ms more: \(answer)")
        }
    }

    // MARK: Working

    func work(_ session: Session) throws(Session.Lost) {
        try receive(session)
        do throws(Session.Lost) {
            try settle(session)
        } catch {
            let grace = Instant.now + graceEnds
            for index in held.indices { held[index].until = min(held[index].until, grace) }
            throw error
        }
    }

    private func receive(_ session: Session) throws(Session.Lost) {
        let queue = [AuditQueue.jobs, .jobs, .moved, .ordered].randomElement(using: &random) ?? .jobs
        let isKept = random.chance(30)
        let lease = isKept ? 4 : 30
        let most = Int.random(in: 1...20, using: &random)
        let (begun, ends) = (book.step, book.orderlyEnds)
        let until = Instant.now + lease * 1_000 - Self.margin
        let options = "\"max\":\(most),\"wait\":0.05,\"lease\":\(lease),\"keep\":\(isKept)"
        let answer = try session.ask("{\"op\":\"receive\",\"queue\":\"\(queue)\",\(options)}")
        guard Answer.isAccepted(answer) else {
            book.count("receives refused: \(Answer.error(answer))")
            if Answer.error(answer) != "draining" { book.find("a receive was answered \(answer)") }
            // Who is refused does not ask again at once.
            usleep(1_000)
            return
        }
        for delivery in Answer.deliveries(answer) {
            guard let token = book.deliver(delivery, from: queue, begun: begun) else { continue }
            let receipt = delivery.receipt
            held.append(Held(token: token, queue: queue, receipt: receipt, isKept: isKept, ends: ends, until: until))
        }
    }

    /// Answers come in order, so what is held behind the answered ones is unknown when the connection is lost.
    private func settle(_ session: Session) throws(Session.Lost) {
        let requests = held.map { request($0) }
        do throws(Session.Lost) {
            try session.say(requests.map(\.line))
            for request in requests {
                note(try session.hear(), request)
                held.removeFirst()
            }
        } catch {
            for request in requests.suffix(held.count) { lose(request) }
            throw error
        }
    }

    private func request(_ message: Held) -> Request {
        let chance = Int.random(in: 0..<100, using: &random)
        switch chance {
        case 0..<8: return line(.release, message)
        case 8..<12 where message.queue == .jobs:
            book.beginSettling(message.token)
            return line(.reject, message)
        case 12..<22 where message.queue == .jobs: return move(message)
        default:
            book.beginSettling(message.token)
            return line(.delete, message)
        }
    }

    private func line(_ action: Action, _ message: Held) -> Request {
        let rest = "\"queue\":\"\(message.queue)\",\"receipt\":\"\(message.receipt)\""
        return Request(held: message, action: action, line: "{\"op\":\"\(action)\",\(rest)}")
    }

    private func move(_ message: Held) -> Request {
        let (unit, tokens) = book.begin([.moved], takes: message.token)
        let send = "{\"op\":\"send\",\"queue\":\"moved\",\"body\":\"\(Body.text(tokens.lowerBound))\"}"
        let requests = "[\(line(.delete, message).line),\(send)]"
        let text = "{\"op\":\"atomic\",\"requests\":\(requests)}"
        return Request(held: message, action: .move, line: text, unit: unit)
    }

    private func note(_ answer: String, _ request: Request) {
        guard Answer.isAccepted(answer) else { return refuse(answer, request) }
        switch request.action {
        case .delete: book.settle(request.held.token, isReject: false)
        case .reject: book.settle(request.held.token, isReject: true)
        case .move: book.acknowledge(request.unit, ids: Answer.ids(answer))
        case .release: book.count("released")
        }
    }

    private func refuse(_ answer: String, _ request: Request) {
        if request.action == .move { book.refuse(request.unit) }
        book.count("settlings refused: \(Answer.error(answer))")
        let isInTime = Instant.now < request.held.until && Answer.error(answer) != "draining"
        if isInTime { book.find("\(request.action) of message \(request.held.token): \(answer)") }
    }

    private func lose(_ request: Request) {
        switch request.action {
        case .move: book.lose(request.unit)
        case .delete, .reject, .release: book.loseSettling(request.held.token)
        }
    }
}
