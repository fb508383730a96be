extension Phrases {
    /// The handle of a message is its job id.
    static func beanstalkd(_ speaker: Speaker) -> Phrases {
        var phrases = Phrases()
        let watches = speaker.queues.map { "watch \($0)\r\n" }.joined()
        phrases.greeting = Request(
            "use \(speaker.queue)\r\n\(watches)ignore default\r\n",
            replies: 2 + speaker.queues.count
        )
        let body = speaker.body
        phrases.sends = speaker.variants.map { variant in
            // Small numbers are urgent; delays are whole seconds.
            let put = "put \(9 - variant.priority) \((variant.delay + 999) / 1000) 60 \(body.utf8.count)\r\n\(body)\r\n"
            return SendTemplate(speaker.fansOut ? speaker.queues.map { "use \($0)\r\n\(put)" }.joined() : put)
        }
        if speaker.fansOut { phrases.repliesPerSend = 2 * speaker.queues.count }
        // Whoever watches several tubes gets from any of them, so the same words do for each.
        var patience = 0
        if case .subscriber = speaker.role { patience = 1 }
        for _ in speaker.queues {
            phrases.receives.append(Array("reserve-with-timeout \(patience)\r\n".utf8))
            phrases.deletes.append(SettleTemplate("delete ", "\r\n"))
            phrases.releases.append(SettleTemplate("release ", " 5 0\r\n"))
        }
        return phrases
    }
}
