/// A connection of the reference model.
struct ModelPeer {
    /// A reply that is due; nil while its `receive` waits.
    struct Reply {
        let number: Int
        var text: String?
    }

    var name: String?
    /// Replies that wait, and the receives they wait for, in the order of the requests.
    var replies: [Reply] = []
    var lastReply = 0
    var subscriptions = 0
    var lastSubscription = 0
    /// The names and births of the temporary queues it declared, in order.
    var temporaryQueues: [Int] = []
    /// What it has been sent since the last look.
    var lines: [String] = []
}

/// A waiting receive or a subscription of the reference model.
struct ModelConsumer {
    let id: Int
    let peer: Int
    let isSubscription: Bool
    /// A receive's reply, or a subscription's number on its connection.
    let number: Int
    /// The queues it still waits for, in the order given.
    var queues: [String]
    let max: Int
    var credit: Int
    let terms: DeliveryTerms
    let tag: Int?
    /// When a receive has waited long enough.
    var timer: ModelTimer?

    var isHungry: Bool { !isSubscription || credit > 0 }
}

/// How a receive or a subscription wants its messages.
struct DeliveryTerms {
    /// Milliseconds; nil for the queue's.
    var lease: Int?
    var keep = false
    var autoDelete = false
    var namesQueue = false
}

/// Why the model refuses a request.
struct ModelFailure: Error {
    let code: String
    var index: Int?

    init(_ code: String) { self.code = code }
}
