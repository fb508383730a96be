import Testing

@testable import martlet

@Suite struct LineReaderTests {
    func lines(_ text: String) throws -> [String] {
        let folder = try TemporaryFolder()
        var reader = try LineReader(try folder.file(text))
        var lines: [String] = []
        while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        #expect(reader.position == text.utf8.count)
        #expect(reader.size == text.utf8.count)
        return lines
    }

    @Test func endsOfLines() throws {
        #expect(try lines("") == [])
        #expect(try lines("a") == ["a"])
        #expect(try lines("a\n") == ["a"])
        #expect(try lines("a\r\n\nb") == ["a", "", "b"])
    }

    /// Longer than what is read at once.
    @Test func longLines() throws {
        let long = String(repeating: "x", count: 300_000)
        #expect(try lines("\(long)\ny\n\(long)") == [long, "y", long])
    }

    @Test func aMissingFileIsNamed() {
        #expect(throws: InputFailure.self) { _ = try LineReader("/nonexistent") }
    }
}
