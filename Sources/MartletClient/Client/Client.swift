/// A connection to a Martlet broker.
///
///     let client = try await Client.connect()
///     try await client.send("hello", to: "greetings")
///     for try await message in client.messages(queue: "greetings") {
///         print(message.body)
///         try await message.delete()
///     }
///
/// Any number of tasks may use one client at once; their requests travel together and none waits for another's reply
/// before it is sent. One exception is the protocol's: a
/// ``receive(from:max:wait:lease:keep:autoDelete:)-(String,_,_,_,_,_)`` that waits holds back the replies to later
/// requests of the same client, so a program that does other things meanwhile uses
/// ``messages(queue:credit:lease:keep:autoDelete:)``, or a client of its own for waiting.
///
/// A lost connection is made again by itself (``ClientOptions/reconnect``). Requests that were not sent yet wait for
/// it, and subscriptions are renewed. A request that was sent and not answered is repeated only if that can do no
/// harm: reading, declaring, and a send that carries `dedup`. All others fail with
/// ``ConnectionError/outcomeUnknown(reason:)``. Leases that were not taken with `keep` end with their connection.
///
/// Cancelling a task whose request is under way lets the task go at once with `CancellationError`. The request is
/// not taken back if it has been sent. If it was a receive, what it still brings is released, uncounted, so that no
/// message waits for a lease to end that nobody holds.
public final class Client: Sendable {
    /// Where the broker is.
    public let address: ServerAddress
    let wire: Wire

    private init(_ address: ServerAddress, _ wire: Wire) {
        self.address = address
        self.wire = wire
    }

    deinit {
        // Long enough for the releases of ended subscriptions; nobody waits for it.
        wire.close(by: .now + .seconds(1)) {}
    }

    /// Connects, and waits until the server has greeted.
    ///
    /// - Parameter address: By default the one in `MARTLET_SERVER`, or else `127.0.0.1:6278`.
    /// - Throws: ``ConnectionError/cannotConnect(_:reason:)``, or a ``MartletError`` if the server refuses the client.
    ///   The first connection is tried once; only one that was lost is tried again.
    public static func connect(
        to address: ServerAddress? = nil,
        options: ClientOptions = ClientOptions()
    ) async throws -> Client {
        let address = try address ?? ServerAddress.fromEnvironment()
        do {
            let wire = try Wire(address, options)
            _ = try await withCheckedThrowingContinuation { continuation in
                wire.open(continuation)
            }
            return Client(address, wire)
        } catch let error as SystemError {
            throw ConnectionError.cannotConnect(address, reason: "\(error)")
        }
    }

    /// Ends the client. Requests made before are answered if that takes no longer than `grace`; subscriptions end.
    public func close(grace: Duration = .seconds(5)) async {
        await withCheckedContinuation { continuation in
            wire.close(by: .now + grace) { continuation.resume() }
        }
    }
}

// MARK: - Requests

extension Client {
    func perform(_ line: RequestLine, repeatable: Bool = false) async throws -> Reply {
        try await perform(line.object, repeatable: repeatable) { .answer($0) }
    }

    func perform(
        _ line: [UInt8],
        repeatable: Bool,
        purpose: @Sendable (Waiter) -> OutgoingRequest.Purpose
    ) async throws -> Reply {
        try Task.checkCancellation()
        let number = wire.nextNumber()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let waiter = Waiter { continuation.resume(with: $0) }
                wire.submit(
                    OutgoingRequest(number: number, line: line, isRepeatable: repeatable, purpose: purpose(waiter))
                )
                // A cancellation before the submission found nothing to abandon.
                if Task.isCancelled { wire.abandon(number) }
            }
        } onCancel: {
            wire.abandon(number)
        }
    }

    /// Sends one request as it is and returns the reply's line: for what this library has no method for.
    ///
    /// - Parameter json: One JSON object with an `op`. Not `subscribe`, `hello` or `quit`: those change what the
    ///   connection is, and ``messages(queue:credit:lease:keep:autoDelete:)`` and ``close(grace:)`` do that.
    /// - Throws: ``MartletError`` if the server refuses; ``JSONTextError`` if `json` is not one JSON value.
    public func request(_ json: String) async throws -> String {
        let text = try JSONText(json)
        guard let operation = JSONObject(text.bytes)?["op"]?.string else {
            throw MartletError(code: .badRequest, reason: "a request is a JSON object with an \"op\"")
        }
        guard !["subscribe", "unsubscribe", "hello", "quit"].contains(operation) else {
            throw MartletError(code: .badRequest, reason: "the client itself speaks '\(operation)'")
        }
        let reply = try await perform(text.bytes, repeatable: false) { .answer($0) }
        return reply.text.description
    }
}
