import MartletSystemd
import Testing

struct LogAllowanceTests {
    @Test func aBurstIsWrittenAndTheRestCounted() {
        var allowance = LogAllowance(burst: 2, span: 1000)
        #expect(allowance.take(now: 5000) == .write(suppressed: 0))
        #expect(allowance.take(now: 5000) == .write(suppressed: 0))
        #expect(allowance.take(now: 5999) == .suppress)
        #expect(allowance.take(now: 5999) == .suppress)
        #expect(allowance.take(now: 6000) == .write(suppressed: 2))
        #expect(allowance.take(now: 6000) == .write(suppressed: 0))
        #expect(allowance.take(now: 6001) == .suppress)
    }
}
