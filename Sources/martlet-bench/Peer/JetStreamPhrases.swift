extension Phrases {
    /// A work-queue stream in memory with a durable consumer for each queue; every step is confirmed. The handle of a
    /// message is the subject to acknowledge it on.
    static func jetStream(_ speaker: Speaker) -> Phrases {
        var phrases = Phrases()
        let stream = speaker.queue
        let inbox = "i.\(speaker.connection)"
        let hello =
            "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true}\r\n"
            + "SUB \(inbox).* 1\r\n"
        var push = ""
        var consumer = ""
        if case .subscriber(let credit) = speaker.role {
            push = "SUB d.\(stream) g 2\r\n"
            consumer = "\"deliver_subject\":\"d.\(stream)\",\"deliver_group\":\"g\",\"max_ack_pending\":\(credit),"
            phrases.pushes = true
        }
        // The answer to a PING tells that what was said before has been read.
        phrases.greeting = Request("\(hello)\(push)PING\r\n", replies: 1)
        let creations = [createStream(speaker)] + speaker.queues.indices.map { create($0, stream, consumer, inbox) }
        phrases.setup = Request("\(hello)PING\r\n" + creations.joined(), replies: 1 + creations.count)
        phrases.teardown = Request(
            "\(hello)PING\r\nPUB $JS.API.STREAM.DELETE.\(stream) \(inbox).d 0\r\n\r\n",
            replies: 2
        )
        let body = speaker.body
        // One message; unless it is said otherwise, the server waits until there is one.
        var wish = "1"
        if case .drainer = speaker.role { wish = "{\"batch\":1,\"no_wait\":true}" }
        phrases.sends = [SendTemplate("PUB s.\(stream) \(inbox).p \(body.utf8.count)\r\n\(body)\r\n")]
        for copy in speaker.queues.indices {
            let next = "PUB $JS.API.CONSUMER.MSG.NEXT.\(stream).W\(copy) \(inbox).m"
            phrases.receives.append(Array("\(next) \(wish.utf8.count)\r\n\(wish)\r\n".utf8))
            phrases.deletes.append(SettleTemplate("PUB ", " \(inbox).a 4\r\n+ACK\r\n"))
            phrases.releases.append(SettleTemplate("PUB ", " \(inbox).a 4\r\n-NAK\r\n"))
        }
        phrases.sign = Array("PONG\r\n".utf8)
        return phrases
    }

    private static func createStream(_ speaker: Speaker) -> String {
        let stream = speaker.queue
        let retention = speaker.fansOut ? "interest" : "workqueue"
        let settings =
            "{\"name\":\"\(stream)\",\"subjects\":[\"s.\(stream)\"],\"retention\":\"\(retention)\","
            + "\"storage\":\"memory\",\"num_replicas\":1,\"max_msgs\":-1,\"max_bytes\":-1,\"discard\":\"old\"}"
        return
            "PUB $JS.API.STREAM.CREATE.\(stream) i.\(speaker.connection).s \(settings.utf8.count)\r\n\(settings)\r\n"
    }

    private static func create(_ copy: Int, _ stream: String, _ push: String, _ inbox: String) -> String {
        let pull = push.isEmpty ? "\"max_ack_pending\":1000000,\"max_waiting\":8192," : push
        let settings =
            "{\"stream_name\":\"\(stream)\",\"config\":{\"durable_name\":\"W\(copy)\",\"ack_policy\":\"explicit\","
            + "\"ack_wait\":60000000000,\(pull)\"deliver_policy\":\"all\",\"replay_policy\":\"instant\"}}"
        let request = "PUB $JS.API.CONSUMER.DURABLE.CREATE.\(stream).W\(copy) \(inbox).c"
        return "\(request) \(settings.utf8.count)\r\n\(settings)\r\n"
    }
}
