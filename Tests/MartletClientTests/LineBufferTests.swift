import Testing

@testable import MartletClient

@Suite struct LineBufferTests {
    /// Every way to cut a short stream into chunks gives the same lines.
    @Test func everyChunking() {
        let bytes = Array("a\n\nbc\nd".utf8)
        for cuts in 0..<(1 << (bytes.count - 1)) {
            var buffer = LineBuffer()
            var lines: [String] = []
            var start = 0
            for end in 1...bytes.count where end == bytes.count || cuts & (1 << (end - 1)) != 0 {
                bytes[start..<end].withUnsafeBytes { buffer.append($0) }
                while let line = buffer.next() { lines.append(String(decoding: line, as: UTF8.self)) }
                start = end
            }
            #expect(lines == ["a", "", "bc"])
            #expect(buffer.pending == 1)
        }
    }

    @Test func queueKeepsOrder() {
        var queue = FIFO<Int>()
        var expected: [Int] = []
        // Twice in, once out: the front moves through the array more than once.
        for number in 0..<1000 {
            queue.append(number)
            expected.append(number)
            if number % 2 == 1 { #expect(queue.popFirst() == expected.removeFirst()) }
        }
        #expect(queue.count == 500)
        #expect(queue.replaceFirst(where: { $0 == 700 }, with: { _ in nil }) == 700)
        #expect(queue.replaceFirst(where: { $0 == 701 }, with: { _ in -1 }) == 701)
        expected.removeAll { $0 == 700 }
        #expect(queue.removeAll() == expected.map { $0 == 701 ? -1 : $0 })
        #expect(queue.popFirst() == nil)
    }
}
