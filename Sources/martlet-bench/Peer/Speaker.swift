/// What the phrases of one connection depend on.
struct Speaker {
    /// What sets a message apart from others in the mixed scenario.
    struct Variant {
        /// 0…9, high first.
        var priority = 4
        /// Milliseconds; 0 is none.
        var delay = 0
        var group: String?
    }

    enum Role {
        /// Sends, receives and settles.
        case worker
        /// Is given messages as they come, at most `credit` unsettled ones.
        case subscriber(credit: Int)
        /// Receives what there is, and wants to be told when there is no more.
        case drainer
    }

    /// Its number, different for each connection to a server.
    var connection = 0
    /// More than one if each message goes to several queues.
    var queues: [String]
    var bodySize: Int
    /// Messages in one request.
    var batch = 1
    var variants = [Variant()]
    var role = Role.worker

    var queue: String { queues[0] }

    /// A stamp to be written over, then letters.
    var body: String { Stamp.blank + String(repeating: "x", count: max(0, bodySize - Stamp.length)) }

    /// Whether messages are shared out to several queues.
    var fansOut: Bool { queues.count > 1 }

    /// Topic of the messages that go to several queues.
    var topic: String { "topic.\(queue)" }
}
