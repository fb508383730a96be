import Testing

@testable import martlet_bench

@Suite struct TallyTests {
    @Test func nothingIsCountedOutsideTheMeasurement() {
        let tally = Tally()
        tally.record(replies: 3, latency: 1000)
        tally.isMeasuring = true
        tally.record(replies: 2, latency: 1000)
        tally.isMeasuring = false
        tally.countMessages(7)
        #expect(tally.replies == 2)
        #expect(tally.messages == 0)
        #expect(tally.requestLatency.totalCount == 2)
    }

    @Test func percentilesAreThoseOfWhatWasRecorded() throws {
        let tally = Tally()
        tally.isMeasuring = true
        tally.record(replies: 990, latency: 100_000)
        tally.record(replies: 10, latency: 5_000_000)
        let measurement = Measurement("cycle", tally, seconds: 2, ProcessorUse(nil), residentBytes: nil)
        // Three significant digits: within a thousandth.
        let median = try #require(measurement.figure("request_p50_us")).value
        let high = try #require(measurement.figure("request_p999_us")).value
        #expect(abs(median - 100) < 0.2)
        #expect(abs(high - 5000) < 10)
        #expect(measurement.figure("requests_per_second")?.value == 500)
    }

    @Test func talliesOfThreadsAddUp() {
        let (one, other) = (Tally(), Tally())
        for tally in [one, other] {
            tally.isMeasuring = true
            tally.record(messages: 5, latency: 1000)
        }
        one.add(other)
        #expect(one.messages == 10)
        #expect(one.messageLatency.totalCount == 10)
    }

    @Test func aServerThatOnlyRefusesEndsTheMeasurement() {
        let tally = Tally()
        #expect(throws: LoadError.self) {
            for _ in 0..<1000 { try Array("-ERR no\r\n".utf8).withUnsafeBytes { try tally.refuse($0) } }
        }
    }
}
