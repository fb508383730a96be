/// One step of a simulation: what a connection asks, or what happens to it, or to time.
struct Step {
    enum Event {
        case request(Action, tag: Int?)
        /// The connection closes; a new one takes its number.
        case close
        /// So many milliseconds pass.
        case pass(Int)
    }

    let peer: Int
    let event: Event
}

/// A request, before it is written as JSON.
indirect enum Action {
    case send(queue: String, [Draft], isBatch: Bool)
    case receive(queues: [String], isList: Bool, max: Int?, wait: Int?, DeliveryTerms)
    case delete(queue: String, [MessageReference], isList: Bool, force: Bool)
    case release(queue: String, MessageReference, delay: Int?, uncounted: Bool)
    case extend(queue: String, MessageReference, lease: Int)
    case reject(queue: String, MessageReference, reason: String?)
    case peek(queue: String, id: Int?, state: String?, max: Int?)
    case redrive(queue: String, max: Int?, to: String?)
    case purge(queue: String, state: String?)
    case atomic([Action])
    case subscribe(queues: [String], isList: Bool, credit: Int?, DeliveryTerms)
    case unsubscribe(Int)
    case bind(queue: String, topic: String)
    case unbind(queue: String, topic: String)
    case bindings(queue: String?)
    case publish(topic: String, Draft, mandatory: Bool)
    case declare(queue: String, [ModelSetting])
    case drop(queue: String, force: Bool)
    case queues(match: String?)
    case pause(queue: String, direction: String?)
    case resume(queue: String, direction: String?)
    case hello(name: String)
    case stats(queue: String)
    case history(queue: String, producer: String?, consumer: String?, after: Int?, max: Int?)
    case explain(queue: String)
}

/// How a request names a message.
enum MessageReference {
    case id(Int)
    /// The receipt of the lease of this number, for the message of this id.
    case receipt(lease: Int, id: Int)
}
