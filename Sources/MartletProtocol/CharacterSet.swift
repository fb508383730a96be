/// The characters of names, as a set of 128 bits: asking costs a shift and a mask. Bit n of `low` stands for the
/// character n, bit n of `high` for the character 64 + n. (A test spells the characters out.)
struct CharacterSet: BitwiseCopyable, Sendable {
    private let low: UInt64
    private let high: UInt64

    /// Queue names: `A–Z a–z 0–9 . _ - : /`. Computed, because a stored constant is asked whether it is initialised
    /// each time it is used.
    static var queueName: CharacterSet {
        @inline(__always) get { CharacterSet(low: 0x07FF_E000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE) }
    }

    /// Topic words: the same without the dot, which divides them.
    static var topicWord: CharacterSet {
        @inline(__always) get { CharacterSet(low: 0x07FF_A000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE) }
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let half = byte & 64 == 0 ? low : high
        return byte < 128 && half >> UInt64(byte & 63) & 1 == 1
    }
}
