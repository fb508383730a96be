import Testing

@testable import MartletBroker

/// Rates, waits and tokens.
@Suite struct FiguresTests {
    // MARK: TokenBucket

    /// How many tokens the bucket gives at an instant, if it is asked often.
    private static func drain(_ bucket: inout TokenBucket, now: Int) -> Int {
        var count = 0
        while count < 100, bucket.take(now: now) { count += 1 }
        return count
    }

    @Test func aBucketBeginsFullAndFillsUpToItsBurst() {
        var bucket = TokenBucket(rate: 10, burst: 3, now: 0)
        let given = [0, 99, 100, 100, 100_000].map { Self.drain(&bucket, now: $0) }
        #expect(given == [3, 0, 1, 0, 3])
        let next = bucket.nextToken(now: 100_000)
        #expect(next == 100_100)
    }

    @Test func withoutABurstASecondsWorthMayLeaveAndAtLeastOne() {
        var quick = TokenBucket(rate: 5, burst: 0, now: 0)
        var slow = TokenBucket(rate: 0.5, burst: 0, now: 0)
        let given = (Self.drain(&quick, now: 0), Self.drain(&slow, now: 0))
        #expect(given == (5, 1))
        let (next, isThere) = (slow.nextToken(now: 0), slow.hasToken(now: 2_000))
        #expect(next == 2_000)
        #expect(isThere)
    }

    @Test(arguments: [0.3, 1.0, 7.0, 333.0, 1_000_000.0])
    func inTheLongRunTheRateIsKept(rate: Double) {
        var bucket = TokenBucket(rate: rate, burst: 1, now: 0)
        var (now, taken) = (0, 0)
        while now < 100_000, taken < 1_000 {
            if bucket.take(now: now) { taken += 1 } else { now = max(now + 1, bucket.nextToken(now: now)) }
        }
        // A token each millisecond is the most that a clock of milliseconds can give a bucket of one.
        let allowed = min(rate, 1_000) * Double(now) / 1_000 + 1
        #expect(Double(taken) <= allowed + 0.001)
        #expect(Double(taken) >= allowed * 0.7 - 2)
    }

    /// A rate of next to nothing is legal, and waits for a day at a time.
    @Test(arguments: [1e-16, 1e-300])
    func aVeryLowRateIsWaitedForADayAtATime(rate: Double) {
        var bucket = TokenBucket(rate: rate, burst: 1, now: 0)
        let (first, next, isThere) = (bucket.take(now: 0), bucket.nextToken(now: 7), bucket.hasToken(now: 1 << 40))
        #expect(first)
        #expect(next == 7 + 86_400_000)
        #expect(!isThere)
    }

    // MARK: RateWindow

    @Test func ratesAreOverTheLastSeconds() {
        var window = RateWindow()
        var counters = QueueCounters()
        for second in 0..<30 {
            window.note(counters, now: 1_000 * second)
            counters.sent += 100
            counters.deleted += 50
        }
        let rates = window.rates(counters, now: 30_000)
        #expect(abs(rates.sent - 100) < 10)
        #expect(abs(rates.deleted - 50) < 5)
        #expect(rates.received == 0)
        let later = window.rates(counters, now: 60_000)
        #expect(later.sent == 0, "what is long ago does not count")
    }

    @Test func aQueueThatHasOnlyBegunIsNotDiluted() {
        var window = RateWindow()
        window.note(QueueCounters(), now: 1_000 * 5)
        var counters = QueueCounters()
        counters.sent = 10
        #expect(window.rates(counters, now: 5_500).sent == 10)
        #expect(RateWindow().rates(counters, now: 5_500).sent == 0)
    }

    // MARK: WaitHistogram

    @Test func percentilesAreRightWithinAnEighth() {
        var waits = WaitHistogram()
        #expect(waits.percentile(0.5) == nil)
        for milliseconds in 1...1_000 { waits.add(milliseconds: milliseconds) }
        for (fraction, seconds) in [(0.5, 0.5), (0.99, 0.99), (0.1, 0.1)] {
            let found = waits.percentile(fraction) ?? 0
            #expect(abs(found - seconds) <= seconds / 8 + 0.001, "\(fraction): \(found)")
        }
    }

    @Test(arguments: [0, 1, 3, 4, 7, 8, 1_000, 86_400_000, 1_000_000_000_000_000])
    func anyWaitHasABucket(milliseconds: Int) {
        var waits = WaitHistogram()
        waits.add(milliseconds: milliseconds)
        waits.add(milliseconds: -5)
        #expect(waits.percentile(0.01) == 0)
        let found = (waits.percentile(1) ?? -1) * 1_000
        // Waits of more than many years are told as the longest there is.
        if milliseconds < 1 << 42 { #expect(abs(found - Double(milliseconds)) <= Double(milliseconds) / 8) }
        #expect(found >= 0)
    }

    @Test func oldWaitsFade() {
        var waits = WaitHistogram()
        for _ in 0..<50_000 { waits.add(milliseconds: 1_000) }
        for _ in 0..<60_000 { waits.add(milliseconds: 2) }
        #expect(waits.percentile(0.5) == 0.002)
    }
}
