import Testing

@testable import martlet

/// What is drawn for people, without a terminal.
@Suite struct TextTests {
    @Test(arguments: [
        ("1.5", 1500), ("10s", 10_000), ("250ms", 250), ("5m", 300_000), ("2h", 7_200_000), ("1d", 86_400_000),
        ("0", 0),
    ])
    func durationsAreRead(text: String, milliseconds: Int) {
        #expect(Duration(argument: text) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "s", "-1", "1w", "nan", "inf", "1e300", "ten"])
    func othersAreRefused(text: String) {
        #expect(Duration(argument: text) == nil)
    }

    @Test(arguments: [
        (0.0, "0s"), (0.44, "0.4s"), (9.96, "10s"), (59.4, "59s"), (60, "1m00s"), (192, "3m12s"), (7500, "2h05m"),
        (367_200, "4d06h"), (1e300, "11574074074d01h"),
    ])
    func durationsAreWritten(seconds: Double, text: String) {
        #expect(seconds.asDuration == text)
    }

    @Test(arguments: [(17, "17 B"), (4200, "4.2 kB"), (16_000_000, "16 MB"), (2_500_000_000_000, "2.5 TB")])
    func bytesAreWritten(bytes: Int, text: String) {
        #expect(bytes.asBytes == text)
    }

    @Test func tablesAlign() {
        var table = Table(["QUEUE", "READY", "NOTE"])
        table.append(["a", "1", "x"])
        table.append(["longer", "100000", "a text"])
        let expected = ["QUEUE    READY  NOTE", "a            1  x", "longer  100000  a text"]
        #expect(table.lines(lastColumnIsText: true) == expected)
    }

    @Test func graphsKeepTheLatest() {
        var graph = Sparkline(capacity: 4)
        #expect(graph.text(width: 3) == "")
        for sample in [100.0, 0, 3.5, 7] { graph.append(sample) }
        #expect(graph.text(width: 3) == "▁▅█")
        graph.append(0)
        #expect(graph.samples == [0, 3.5, 7, 0])
    }

    @Test func theProgressBarFills() {
        let line = ProgressBar.line(messages: 50, bytes: 5, total: 10, seconds: 2)
        #expect(line.hasPrefix(String(repeating: "█", count: 15) + String(repeating: "·", count: 15)))
        #expect(line.hasSuffix("50%  50 messages  25/s"))
        #expect(ProgressBar.line(messages: 3, bytes: 5, total: nil, seconds: 0) == "3 messages  0/s")
    }

    @Test func controlCharactersDoNotReachATerminal() {
        #expect(MessageText.harmless(Array("a\u{1B}[2Jü\t\n\u{7F}".utf8)) == "a\\u{1b}[2Jü\t\n\\u{7f}")
    }
}
