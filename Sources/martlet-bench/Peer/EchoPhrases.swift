extension Phrases {
    /// What Martlet is told, to a server that does nothing but send it back.
    static func echo(_ speaker: Speaker) -> Phrases {
        var phrases = martlet(speaker)
        phrases.setup = Request("", replies: 0)
        phrases.teardown = Request("", replies: 0)
        return phrases
    }
}
