import Testing

@testable import MartletProtocol

@Suite struct LineFramerTests {
    /// What came out of a framer that was fed piece by piece, as a server feeds it.
    enum Outcome: Equatable {
        case line(String)
        case tooLong
    }

    private func run(_ pieces: [ArraySlice<UInt8>], maxLine: Int) -> (outcomes: [Outcome], left: Int) {
        var framer = LineFramer()
        var buffer: [UInt8] = []
        var outcomes: [Outcome] = []
        for piece in pieces {
            buffer += piece
            let consumed = buffer.withUnsafeBytes { bytes -> Int in
                while true {
                    switch framer.next(in: bytes, maxLine: maxLine) {
                    case .line(let range): outcomes.append(.line(String(decoding: bytes[range], as: UTF8.self)))
                    case .tooLong(let range):
                        #expect(range.lowerBound + maxLine < range.upperBound, "enough of it is told to know it")
                        outcomes.append(.tooLong)
                    case .incomplete(let consumed): return consumed
                    }
                }
            }
            buffer.removeFirst(consumed)
            #expect(buffer.count <= maxLine + 1, "no more is kept than a line may be long")
        }
        return (outcomes, buffer.count)
    }

    /// All ways to cut a text in pieces.
    private func chunkings(of text: [UInt8]) -> [[ArraySlice<UInt8>]] {
        (0..<1 << (text.count - 1)).map { cuts in
            var pieces: [ArraySlice<UInt8>] = []
            var start = 0
            for index in 1...text.count where index == text.count || cuts >> (index - 1) & 1 == 1 {
                pieces.append(text[start..<index])
                start = index
            }
            return pieces
        }
    }

    @Test(
        arguments: [
            ("a\nbc\r\n\n\r\nd", [.line("a"), .line("bc"), .line(""), .line("")], 1),
            ("abcd\nabc\r\nx\n", [.tooLong, .line("abc"), .line("x")], 0),
            ("abc\rd\nabcd\r\n", [.tooLong, .tooLong], 0),
            ("abcdefgh\n\nz\n", [.tooLong, .line(""), .line("z")], 0),
            ("\r\r\n\r\nabcdef", [.line("\r"), .line(""), .tooLong], 0),
        ] as [(String, [Outcome], Int)]
    )
    func everyChunkingGivesTheSameLines(_ text: String, _ expected: [Outcome], _ left: Int) {
        for pieces in chunkings(of: Array(text.utf8)) {
            let (outcomes, rest) = run(pieces, maxLine: 3)
            #expect(outcomes == expected, "\(pieces)")
            #expect(rest == left)
        }
    }

    @Test func lineEndsAreFoundAtEveryDistance() {
        for length in 0..<100 {
            let lines = [length, 99 - length, 0, 7].map { [UInt8](repeating: 0x61, count: $0) }
            let text = Array(lines.joined(separator: [0x0A])) + [0x0A]
            let expected = lines.map { Outcome.line(String(decoding: $0, as: UTF8.self)) }
            #expect(run([text[...]], maxLine: 100).outcomes == expected)
            for byte: UInt8 in [0x8A, 0x0B, 0x09, 0x0D, 0xFF, 0x00] where length > 0 {
                var other = text
                other[length - 1] = byte
                #expect(run([other[...]], maxLine: 100).outcomes.count == 4, "only LF ends a line, not \(byte)")
            }
        }
    }

    @Test func aLongLineIsReportedBeforeItEnds() {
        let endless = [UInt8](repeating: 0x78, count: 1000)
        let (outcomes, left) = run([endless[...], endless[...], endless[...]], maxLine: 1500)
        #expect(outcomes == [.tooLong])
        #expect(left == 0, "what is skipped is not kept")
    }

    @Test func nothingReadIsNothingConsumed() {
        var framer = LineFramer()
        #expect(framer.next(in: UnsafeRawBufferPointer(start: nil, count: 0), maxLine: 5) == .incomplete(consumed: 0))
    }
}
