extension Phrases {
    /// A reliable queue as Redis' manual has it: LPUSH, RPOPLPUSH to a list of what is in work, LREM. The handle of a
    /// message is its body.
    static func redisList(_ speaker: Speaker) -> Phrases {
        var phrases = Phrases()
        phrases.teardown = Request(
            speaker.queues.map { command("DEL", $0, working($0)) }.joined(),
            replies: speaker.queues.count
        )
        phrases.sends = [SendTemplate(speaker.queues.map { command("LPUSH", $0, speaker.body) }.joined())]
        phrases.repliesPerSend = speaker.queues.count
        for queue in speaker.queues {
            var receive = command("RPOPLPUSH", queue, working(queue))
            if case .subscriber = speaker.role { receive = command("BRPOPLPUSH", queue, working(queue), "1") }
            phrases.receives.append(Array(receive.utf8))
            phrases.deletes.append(SettleTemplate("*4\r\n" + words("LREM", working(queue), "-1"), ""))
        }
        return phrases
    }

    /// A consumer group: XADD, XREADGROUP, XACK and XDEL. The handle of a message is its entry's id.
    static func redisStream(_ speaker: Speaker) -> Phrases {
        var phrases = Phrases()
        let stream = speaker.queue
        let groups = speaker.queues.indices.map { "g\($0)" }
        phrases.setup = Request(
            groups.map { command("XGROUP", "CREATE", stream, $0, "0", "MKSTREAM") }.joined(),
            replies: groups.count
        )
        phrases.teardown = Request(command("DEL", stream), replies: 1)
        // An entry that several groups read is not deleted by the first: the stream is cut by length instead.
        let limit = speaker.fansOut ? ["MAXLEN", "~", "100000"] : []
        let add = ["XADD", stream] + limit + ["*", "b", speaker.body]
        phrases.sends = [SendTemplate("*\(add.count)\r\n" + add.map(word).joined())]
        var block: [String] = []
        if case .subscriber = speaker.role { block = ["BLOCK", "1000"] }
        for group in groups {
            let read =
                ["XREADGROUP", "GROUP", group, "c\(speaker.connection)", "COUNT", "1"] + block
                + ["STREAMS", stream, ">"]
            phrases.receives.append(Array(("*\(read.count)\r\n" + read.map(word).joined()).utf8))
            let acknowledge = "*4\r\n" + words("XACK", stream, group)
            let delete = "*3\r\n" + words("XDEL", stream)
            phrases.deletes.append(
                speaker.fansOut ? SettleTemplate(acknowledge, "") : SettleTemplate(acknowledge, delete, "")
            )
        }
        phrases.repliesPerDelete = speaker.fansOut ? 1 : 2
        return phrases
    }

    private static func working(_ queue: String) -> String { queue + "-work" }

    private static func word(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }

    private static func words(_ texts: String...) -> String { texts.map(word).joined() }

    private static func command(_ texts: String...) -> String {
        "*\(texts.count)\r\n" + texts.map(word).joined()
    }
}
