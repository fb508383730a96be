import MartletClient

/// Takes messages one after the other, shows them or runs a command for each, and settles them, several at a time.
struct Consumption: Sendable {
    enum Treatment: Sendable {
        /// Written to standard output, and deleted once that is done.
        case show(json: Bool, deletes: Bool)
        case execute(Execution)
    }

    struct Outcome: Sendable {
        var messages = 0
        var failures = 0
    }

    let treatment: Treatment
    /// Messages that may be on their way to being settled.
    let parallel: Int
    /// How many are taken in all; nil is without end.
    let limit: Int?
    /// Whether there is another connection after one that was lost.
    let reconnects: Bool
    let server: ServerAddress

    /// - Parameter next: The next message; nil at the end.
    func run(_ next: () async throws -> Message?) async throws -> Outcome {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            var outcome = Outcome()
            var running = 0
            while outcome.messages < limit ?? .max {
                if running == parallel {
                    if try await group.next() == false { outcome.failures += 1 }
                    running -= 1
                }
                guard let message = try await next() else { break }
                outcome.messages += 1
                try await show(message)
                group.addTask { try await finish(message) }
                running += 1
            }
            for try await succeeded in group where !succeeded { outcome.failures += 1 }
            return outcome
        }
    }

    private func show(_ message: Message) async throws {
        guard case .show(let json, let deletes) = treatment else { return }
        do {
            try MessageText.write(message, json: json)
        } catch {
            // Nobody has seen it.
            if deletes { try await Shield.run { try await message.release(counted: false) } }
            throw error
        }
    }

    /// - Returns: False if a command has failed.
    private func finish(_ message: Message) async throws -> Bool {
        do {
            switch treatment {
            case .show(_, let deletes):
                if deletes { try await Shield.run { try await message.delete() } }
                return true
            case .execute(let execution): return try await execution.run(message, server: server)
            }
        } catch let error where isOfOneMessage(error) {
            StandardError.write("martlet: message \(message.id) of \(message.queue): \(error)\n")
            return false
        }
    }

    /// Whether it says only that this one message could not be settled, so that others may be: it is no longer ours, or
    /// the broker was restarted under us. It may then come again.
    private func isOfOneMessage(_ error: any Error) -> Bool {
        if let refusal = error as? MartletError { return [.leaseLost, .noMessage, .noQueue].contains(refusal.code) }
        guard case ConnectionError.outcomeUnknown = error else { return false }
        return reconnects
    }
}
