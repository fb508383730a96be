/// The low bits of the number of a journal segment: what a message keeps of it.
struct SegmentTag: BitwiseCopyable, Equatable {
    static let count: UInt32 = 1 << 19

    let number: UInt32

    init(_ segment: UInt32) { number = segment & (Self.count - 1) }

    /// How many segments it is behind the one with this number, as there are no more than `count` of them.
    func distance(from segment: UInt32) -> Int { Int((number &- segment) & (Self.count - 1)) }
}
