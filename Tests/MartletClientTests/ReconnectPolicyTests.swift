import Testing

@testable import MartletClient

@Suite struct ReconnectPolicyTests {
    @Test func waitsLongerAndWithJitter() throws {
        let policy = ReconnectPolicy(initial: .milliseconds(100), maximum: .seconds(10))
        var random = SystemRandomNumberGenerator()
        for attempt in 1...100 {
            let full = min(.milliseconds(100) * (1 << min(attempt - 1, 20)), Duration.seconds(10))
            let delay = try #require(policy.delay(before: attempt, using: &random))
            #expect(delay >= full / 2 && delay <= full)
        }
    }

    @Test func givesUp() {
        var random = SystemRandomNumberGenerator()
        #expect(ReconnectPolicy.never.delay(before: 1, using: &random) == nil)
        #expect(ReconnectPolicy(attempts: 2).delay(before: 2, using: &random) != nil)
        #expect(ReconnectPolicy(attempts: 2).delay(before: 3, using: &random) == nil)
    }
}
