import Testing

/// Lines, functions and files stay short.
@Suite struct Lengths {
    /// Files that are longer than 400 lines for a reason that was accepted in review; 600 is the end for these, too.
    private static let longFiles: Set<String> = []

    @Test func thereAreSourcesToLookAt() {
        #expect(SourceTree.sources.count > 100)
        #expect(SourceTree.tests.count > 50)
    }

    @Test func linesHaveAtMost120Characters() {
        for file in SourceTree.files {
            for (index, line) in file.lines.enumerated() where line.count > 120 && !Self.isExample(line) {
                Issue.record("\(file.place(index)) has \(line.count) characters")
            }
        }
    }

    /// A line of the protocol in a string is as long as it is.
    private static func isExample(_ line: String) -> Bool { line.contains("#\"{\"") || line.contains("{\"op\":") }

    @Test func filesHaveAtMost400Lines() {
        for file in SourceTree.files {
            let limit = Self.longFiles.contains(file.path) ? 600 : 400
            #expect(file.lines.count - 1 <= limit, "\(file.path) has \(file.lines.count - 1) lines")
        }
    }

    @Test func functionsHaveAtMost70Lines() {
        for file in SourceTree.files {
            for (index, length) in Self.functions(in: file.lines) where length > 70 {
                Issue.record("\(file.place(index)) begins a function of \(length) lines")
            }
        }
    }

    @Test func aFunctionsLengthIsCounted() {
        let lines = [
            "struct A {", "    func b(", "        c: Int", "    ) {", "        d()", "    }", "    init() {}", "}",
        ]
        #expect(Self.functions(in: lines).map(\.length) == [5])
    }

    /// Where functions begin that have more than a line, and how many lines they have. Formatted code ends a function
    /// with a brace below its beginning.
    private static func functions(in lines: [String]) -> [(index: Int, length: Int)] {
        var found: [(Int, Int)] = []
        for (index, line) in lines.enumerated() {
            let indentation = line.prefix { $0 == " " }
            let words = line.split { " (<".contains($0) }
            guard words.prefix(6).contains(where: { ["func", "init", "deinit", "subscript"].contains($0) }),
                !line.drop(while: { $0 == " " }).hasPrefix("//"), line.last != "}"
            else { continue }
            let end = lines[index...].firstIndex { $0 == indentation + "}" }
            if let end, lines[index...end].contains(where: { $0.hasSuffix("{") }) {
                found.append((index, end - index + 1))
            }
        }
        return found
    }
}
