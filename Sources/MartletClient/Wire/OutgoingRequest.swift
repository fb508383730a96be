/// One request on its way, and what its reply is for.
struct OutgoingRequest {
    enum Purpose {
        /// The connection's first request: until its reply is there, nothing else is sent.
        case greeting
        case answer(Waiter)
        /// A receive from `queue` (nil if from several).
        case receive(Waiter, queue: String?)
        /// A receive whose caller was cancelled: what it brings is released.
        case abandonedReceive(queue: String?)
        /// Nobody waits for the reply.
        case nobody
        case subscribe(Subscription)
        case unsubscribe(Subscription, number: Int)
    }

    /// Names the request within its client.
    let number: Int
    /// Without a line end.
    let line: [UInt8]
    /// May be sent again on a new connection when it is not known whether it was carried out.
    let isRepeatable: Bool
    var purpose: Purpose
    /// Where its line ends in the bytes of its connection; set when it is written.
    var end = 0
}

/// Whom to tell the outcome of a request. Told exactly once.
struct Waiter: Sendable {
    let resume: @Sendable (Result<Reply, any Error>) -> Void
}
