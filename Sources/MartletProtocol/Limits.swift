/// Every limit of the broker, with its default. Each is enforced where data enters, and each has an error reply.
///
/// Sizes are bytes, durations milliseconds.
package struct Limits: Equatable, Sendable {
    // One request.

    /// A longer line is skipped and answered `too_large`.
    package var maxLine = 1 << 20 + 64 << 10
    /// A longer body is refused with `too_large`.
    package var maxBody = 1 << 20
    /// Messages that one request may deal with as a whole: those of a `send` batch, the copies of a `publish`, all that
    /// an `atomic` is about. More are refused with `too_many`.
    package var maxBatch = 10_000
    /// Nesting of arrays and objects in one line; deeper is `bad_json`.
    package var maxDepth = 64

    // One connection.

    /// Requests whose replies wait behind an unanswered `receive`. At the limit the connection is not read from.
    package var maxRequestsInFlight = 10_000
    package var maxSubscriptions = 1_000
    /// Output owed to one peer. At the limit it is no longer read from and gets no deliveries.
    package var maxOutput = 4 << 20
    /// How long a peer may owe its reading before it is closed.
    package var slowPeerTimeout = 60_000
    /// How long a connection may stay without a first request; 0 is for ever.
    package var idleTimeout = 60_000

    // The broker.

    package var maxConnections = 10_000
    package var maxQueues = 100_000
    package var maxWaitingReceivers = 100_000
    package var maxBindings = 100_000
    /// Memory for messages and what belongs to them; at the limit sends are answered `memory_full`. 0 is no limit.
    package var memoryLimit = 0
    /// How long a drain waits for requests in flight.
    package var drainTimeout = 10_000

    /// No line may be allowed to be longer: what one request changes is one entry of the journal, and an entry has
    /// 2^30 bytes at most.
    package static let longestLine = 256 << 20

    package init() {}
}
