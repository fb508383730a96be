/// The characters of names, as a set of 128 bits: asking costs a shift and a mask.
struct CharacterSet: Sendable {
    private let low: UInt64
    private let high: UInt64

    /// Queue names: `A–Z a–z 0–9 . _ - : /`.
    static let queueName = CharacterSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:/")
    /// Topic words: the same without the dot, which divides them.
    static let topicWord = CharacterSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-:/")

    init(_ characters: StaticString) {
        var low: UInt64 = 0
        var high: UInt64 = 0
        for index in 0..<characters.utf8CodeUnitCount {
            let byte = characters.utf8Start[index]
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
        }
        self.low = low
        self.high = high
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let half = byte & 64 == 0 ? low : high
        return byte < 128 && half >> UInt64(byte & 63) & 1 == 1
    }
}
