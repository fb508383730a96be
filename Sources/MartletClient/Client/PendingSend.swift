import Synchronization

/// A send that is under way, from ``Client/submit(_:to:)``.
public final class PendingSend: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Sent, any Error>])
        case done(Result<Sent, any Error>)
    }

    // A lock, because the connection's thread finishes what tasks wait for; held for a few instructions.
    private let state = Mutex(State.waiting([]))

    func finish(_ reply: Result<Reply, any Error>) {
        let result = reply.flatMap { reply in Result { try Sent(reply) } }
        let waiting: [CheckedContinuation<Sent, any Error>] = state.withLock { state in
            guard case .waiting(let waiting) = state else { return [] }
            state = .done(result)
            return waiting
        }
        for continuation in waiting { continuation.resume(with: result) }
    }

    /// What became of it, once that is known. Cancelling the task that asks changes nothing.
    public var sent: Sent {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Sent, any Error>? = state.withLock { state in
                    switch state {
                    case .waiting(let waiting):
                        state = .waiting(waiting + [continuation])
                        return nil
                    case .done(let result): return result
                    }
                }
                if let result { continuation.resume(with: result) }
            }
        }
    }
}
