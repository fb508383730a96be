import Testing

@testable import MartletServer

struct DeadlinesTests {
    @Test func withoutDeadlinesThereIsNothingToWaitFor() {
        var deadlines = Deadlines()
        #expect(deadlines.earliest == nil)
        #expect(deadlines.popPassed(at: .max) == nil)
        deadlines.set(3, .idle, at: 5)
        deadlines.clear(3)
        #expect(deadlines.earliest == nil)
    }

    /// Random operations against the obvious: a dictionary.
    @Test(arguments: 0..<50)
    func doesWhatADictionaryWould(seed: UInt64) {
        var random = SmallRandom(state: seed)
        var deadlines = Deadlines()
        var model: [Int: (kind: Deadlines.Kind, instant: Int)] = [:]
        for now in 0..<400 {
            let slot = Int.random(in: 0..<12, using: &random)
            if Bool.random(using: &random) {
                let kind = Deadlines.Kind.allCases.randomElement(using: &random) ?? .idle
                // Each kind has a duration of its own, as in a loop.
                let instant = now + 10 * (kind.rawValue + 1)
                deadlines.set(slot, kind, at: instant)
                model[slot] = (kind, instant)
            } else {
                deadlines.clear(slot)
                model[slot] = nil
            }
            #expect(deadlines.earliest == model.values.map(\.instant).min())
            #expect(deadlines.kind(of: slot) == model[slot]?.kind)
            while let passed = deadlines.popPassed(at: now) {
                #expect(model[passed.slot]?.kind == passed.kind)
                #expect(model[passed.slot].map { $0.instant <= now } == true)
                model[passed.slot] = nil
            }
            #expect(!model.values.contains { $0.instant <= now })
        }
    }
}

/// Repeatable randomness (xorshift).
struct SmallRandom: RandomNumberGenerator {
    var state: UInt64

    init(state: UInt64) { self.state = state &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
