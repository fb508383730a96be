/// Random numbers that are the same for the same seed, on any machine (splitmix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, the bound.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

    mutating func chance(_ part: Int, in whole: Int) -> Bool { below(whole) < part }

    /// One of the elements; there must be one.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    mutating func pick<Element>(_ weighted: [(Element, Int)]) -> Element {
        var rest = below(weighted.reduce(0) { $0 + $1.1 })
        for (element, weight) in weighted {
            if rest < weight { return element }
            rest -= weight
        }
        return weighted[weighted.count - 1].0
    }
}
