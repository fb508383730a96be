import MartletClient

/// Runs a command for each message: exit 0 deletes it, anything else releases it.
///
/// While the command runs its lease is extended, so that it may take longer than the lease.
struct Execution: Sendable {
    let command: String
    let lease: Duration
    /// How long a message rests whose command has failed; nil leaves it to the queue.
    let releaseDelay: Duration?
    /// The whole message on standard input, instead of its body.
    let json: Bool
    /// Messages are settled by what the command says; not those that were deleted as they were handed over.
    let settles: Bool

    /// - Returns: Whether the command succeeded.
    func run(_ message: Message, server: ServerAddress) async throws -> Bool {
        let child: ChildProcess
        do {
            child = try ChildProcess(command: command, environment: Self.environment(message, server))
        } catch {
            if settles { try await message.release(counted: false) }
            throw error
        }
        let input = json ? message.text.bytes + [0x0A] : MessageText.bytes(of: message)
        let status = await withTaskGroup(of: Int32?.self) { group in
            group.addTask { await child.run(input) }
            if settles {
                group.addTask {
                    await extend(message)
                    return nil
                }
            }
            var status: Int32?
            while status == nil, let result = await group.next() { status = result }
            group.cancelAll()
            return status ?? 1
        }
        try await settle(message, status, wasInterrupted: Task.isCancelled)
        return status == 0
    }

    private func extend(_ message: Message) async {
        while true {
            do {
                try await Task.sleep(for: lease / 2)
                try await message.extend(lease: lease)
            } catch is CancellationError {
                return
            } catch {
                StandardError.write("martlet: message \(message.id) of \(message.queue): cannot extend: \(error)\n")
                return
            }
        }
    }

    private func settle(_ message: Message, _ status: Int32, wasInterrupted: Bool) async throws {
        if status != 0 {
            let fate = settles ? "released" : "lost"
            StandardError.write("martlet: message \(message.id) of \(message.queue): exit \(status): \(fate)\n")
        }
        guard settles else { return }
        try await Shield.run {
            if status == 0 {
                try await message.delete()
            } else {
                try await message.release(delay: releaseDelay, counted: !wasInterrupted)
            }
        }
    }

    private static func environment(_ message: Message, _ server: ServerAddress) -> [(name: String, value: String)] {
        [
            ("MARTLET_SERVER", server.description),
            ("MARTLET_QUEUE", message.queue),
            ("MARTLET_ID", String(message.id)),
            ("MARTLET_ATTEMPT", String(message.attempt)),
            ("MARTLET_PRIORITY", String(message.priority)),
            ("MARTLET_RECEIPT", message.receipt ?? ""),
            ("MARTLET_HEADERS", message.headers?.description ?? "{}"),
            ("MARTLET_GROUP", message.group ?? ""),
            ("MARTLET_TOPIC", message.topic ?? ""),
            ("MARTLET_REPLY_TO", message.replyTo ?? ""),
            ("MARTLET_CORRELATION", message.correlation ?? ""),
            ("MARTLET_PRODUCER", message.producer ?? ""),
        ]
    }
}

/// Work that is finished although the task it was begun in is cancelled: putting a message back where it belongs.
enum Shield {
    static func run(_ work: @escaping @Sendable () async throws -> Void) async throws {
        try await Task(operation: work).value
    }
}
