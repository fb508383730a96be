/// A queue gets a copy of what is published to the topics that match a pattern.
public struct QueueBinding: Hashable, Sendable {
    public let queue: String
    /// `*` is one word, `#` any number of words.
    public let topic: String

    init?(_ slice: JSONSlice) {
        guard let object = slice.object, let queue = object["queue"]?.string, let topic = object["topic"]?.string
        else { return nil }
        self.queue = queue
        self.topic = topic
    }
}
