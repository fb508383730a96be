import MartletSystemd
import Testing

struct StatusTextTests {
    @Test func isALineForAPerson() {
        let text = StatusText(queues: 12, ready: 3204, connections: 8, rate: 41_300)
        #expect(text.line == "12 queues, 3,204 ready, 8 connections, 41k msg/s")
    }

    @Test func oneIsSingular() {
        let text = StatusText(queues: 1, ready: 1, connections: 1, rate: 0)
        #expect(text.line == "1 queue, 1 ready, 1 connection, 0 msg/s")
    }

    @Test(arguments: [
        (7.4, "7"), (999.4, "999"), (999.5, "1.0k"), (4130, "4.1k"), (9949, "9.9k"), (9950, "10k"), (999_499, "999k"),
        (999_500, "1.0M"), (1_240_000, "1.2M"), (12_400_000, "12M"),
    ])
    func ratesAreRounded(rate: Double, text: String) {
        #expect(StatusText(queues: 0, ready: 0, connections: 0, rate: rate).line.hasSuffix(" \(text) msg/s"))
    }

    @Test func largeNumbersAreGrouped() {
        #expect(StatusText(queues: 0, ready: 1_234_567, connections: 0, rate: 0).line.contains("1,234,567 ready"))
        #expect(StatusText(queues: 0, ready: 123_456, connections: 0, rate: 0).line.contains("123,456 ready"))
    }
}
