/// The `error` of a failed reply, as named on the wire.
package enum ErrorCode: String, CaseIterable, Sendable {
    case badJSON = "bad_json"
    case badRequest = "bad_request"
    case unknownOperation = "unknown_op"
    case tooLarge = "too_large"
    case noQueue = "no_queue"
    case noMessage = "no_message"
    case leaseLost = "lease_lost"
    case notLeased = "not_leased"
    case queueFull = "queue_full"
    case memoryFull = "memory_full"
    case paused
    case unroutable
    case unauthenticated
    case forbidden
    case tooMany = "too_many"
    case draining
    case notDurable = "not_durable"
    case `internal`
}

/// Why a request was refused: a code for programs and one sentence for a person. Nothing was changed by the request.
package struct Failure: Error, Equatable, Sendable {
    package var code: ErrorCode
    /// One sentence, without the field values of other clients.
    package var reason: String
    /// Which of an `atomic`'s requests it was, from 0.
    package var index: Int?

    package init(_ code: ErrorCode, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
