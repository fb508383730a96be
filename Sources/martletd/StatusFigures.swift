import MartletSystemd

/// What the reply to `stats` says of the whole broker, as far as it is shown in the service's status.
struct StatusFigures: Equatable {
    var text: StatusText

    /// Nil if it is no such reply.
    init?(reply: String) {
        var reader = JSON5Reader(reply)
        guard let members = (try? reader.readDocument())?.members else { return nil }
        func number(_ key: String) -> Double? { members.first { $0.key == key }?.value.number }
        guard let queues = number("queues"), let ready = number("ready"), let connections = number("connections"),
            let sent = number("send_rate"), let received = number("receive_rate")
        else { return nil }
        // One of the connections is the session that has asked.
        text = StatusText(
            queues: Int(queues),
            ready: Int(ready),
            connections: max(0, Int(connections) - 1),
            rate: max(sent, received)
        )
    }
}
