import Synchronization

/// Deliveries on their way from the connection's thread to one `for await` loop.
///
/// Bounded: the server sends no more than `credit` messages that are not settled. With `autoDelete` nothing is ever
/// settled, so there the subscription pauses itself while twice `credit` messages wait here.
final class Subscription: Sendable {
    /// What is asked of the server.
    struct Order: Sendable {
        var queues: [String]
        var credit: Int
        var lease: Duration?
        var keep: Bool
        var autoDelete: Bool

        var line: [UInt8] {
            var line = RequestLine("subscribe")
            line.add(queues: queues)
            line.add("credit", credit)
            line.add("lease", lease)
            if keep { line.add("keep", true) }
            if autoDelete { line.add("auto_delete", true) }
            return line.object
        }
    }

    private struct State {
        var waiting = FIFO<JSONObject>()
        var waiter: CheckedContinuation<JSONObject?, any Error>?
        var isPaused = false
        /// Set when no more deliveries come; an error is thrown once what waits has been taken.
        var end: Result<Void, any Error>?
    }

    let order: Order
    // A lock, because the connection's thread hands over what a task takes; held for a few instructions.
    private let state = Mutex(State())

    init(_ order: Order) {
        self.order = order
    }

    var isPaused: Bool { state.withLock { $0.isPaused } }

    enum Acceptance {
        case accepted
        /// Accepted, and the server should pause.
        case pauses
        /// The loop has ended: the message must be given back.
        case refused
    }

    func deliver(_ message: JSONObject) -> Acceptance {
        let (waiter, acceptance) = state.withLock { state in
            if state.end != nil { return (nil as CheckedContinuation<JSONObject?, any Error>?, Acceptance.refused) }
            if let waiter = state.waiter {
                state.waiter = nil
                return (waiter, .accepted)
            }
            state.waiting.append(message)
            guard order.autoDelete, !state.isPaused, state.waiting.count >= 2 * order.credit else {
                return (nil, .accepted)
            }
            state.isPaused = true
            return (nil, .pauses)
        }
        waiter?.resume(returning: message)
        return acceptance
    }

    /// The next message, or nil at the end. `resume` is called when a paused subscription has room again.
    ///
    /// One caller at a time; a cancelled one is let go by ``finish(_:)``.
    func next(resume: () -> Void) async throws -> JSONObject? {
        let (message, resumes) = try take()
        if resumes { resume() }
        if let message { return message }
        return try await withCheckedThrowingContinuation { continuation in
            let outcome: Result<JSONObject?, any Error>? = state.withLock { state in
                if let message = state.waiting.popFirst() { return .success(message) }
                if let end = state.end { return end.map { nil } }
                state.waiter = continuation
                return nil
            }
            if let outcome { continuation.resume(with: outcome) }
        }
    }

    private func take() throws -> (JSONObject?, resumes: Bool) {
        state.withLock { state in
            let message = state.waiting.popFirst()
            guard state.isPaused, state.waiting.count <= order.credit / 2 else { return (message, false) }
            state.isPaused = false
            return (message, true)
        }
    }

    /// No more deliveries; returns what nobody has taken.
    func finish(_ error: (any Error)?) -> [JSONObject] {
        let (left, waiter, end) = state.withLock { state in
            let end = state.end ?? error.map { .failure($0) } ?? .success(())
            state.end = end
            defer { state.waiter = nil }
            return (state.waiting.removeAll(), state.waiter, end)
        }
        waiter?.resume(with: end.map { nil })
        return left
    }

    /// Forgets what nobody has taken.
    func reset() {
        state.withLock { state in
            // What was deleted as it was handed over is nowhere else: it stays.
            if !order.autoDelete { _ = state.waiting.removeAll() }
        }
    }
}
