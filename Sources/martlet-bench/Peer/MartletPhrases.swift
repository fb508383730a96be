extension Phrases {
    /// Lines of JSON. The handle of a message is its id.
    static func martlet(_ speaker: Speaker) -> Phrases {
        var phrases = Phrases()
        let declarations = speaker.queues.map { "{\"op\":\"declare\",\"queue\":\"\($0)\"}\n" }
        let bindings = speaker.queues.map { "{\"op\":\"bind\",\"queue\":\"\($0)\",\"topic\":\"\(speaker.topic)\"}\n" }
        let setup = speaker.fansOut ? declarations + bindings : declarations
        phrases.setup = Request(setup.joined(), replies: setup.count)
        let drops = speaker.queues.map { "{\"op\":\"drop\",\"queue\":\"\($0)\",\"force\":true}\n" }
        phrases.teardown = Request(drops.joined(), replies: drops.count)
        phrases.sends = speaker.variants.map { SendTemplate(martletSend($0, speaker)) }
        for queue in speaker.queues {
            let maximum = speaker.batch > 1 ? ",\"max\":\(speaker.batch)" : ""
            let ids = speaker.batch > 1 ? (",\"ids\":[", "]}\n") : (",\"id\":", "}\n")
            phrases.receives.append(Array("{\"op\":\"receive\",\"queue\":\"\(queue)\"\(maximum)}\n".utf8))
            phrases.deletes.append(SettleTemplate("{\"op\":\"delete\",\"queue\":\"\(queue)\"\(ids.0)", ids.1))
            phrases.releases.append(SettleTemplate("{\"op\":\"release\",\"queue\":\"\(queue)\",\"id\":", "}\n"))
        }
        if case .subscriber(let credit) = speaker.role {
            let line = "{\"op\":\"subscribe\",\"queue\":\"\(speaker.queue)\",\"credit\":\(credit)}\n"
            phrases.greeting = Request(line, replies: 1)
            phrases.pushes = true
        }
        return phrases
    }

    private static func martletSend(_ variant: Speaker.Variant, _ speaker: Speaker) -> String {
        var fields = "\"body\":\"\(speaker.body)\""
        if variant.priority != 4 { fields += ",\"priority\":\(variant.priority)" }
        if variant.delay > 0 { fields += ",\"delay\":\(Double(variant.delay) / 1000)" }
        if let group = variant.group { fields += ",\"group\":\"\(group)\"" }
        if speaker.fansOut { return "{\"op\":\"publish\",\"topic\":\"\(speaker.topic)\",\(fields)}\n" }
        let start = "{\"op\":\"send\",\"queue\":\"\(speaker.queue)\","
        if speaker.batch == 1 { return "\(start)\(fields)}\n" }
        let messages = Array(repeating: "{\(fields)}", count: speaker.batch).joined(separator: ",")
        return "\(start)\"messages\":[\(messages)]}\n"
    }
}
