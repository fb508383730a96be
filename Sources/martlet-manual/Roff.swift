/// Markdown in the macros of man(7): headings, paragraphs, lists, tables, fenced blocks, definitions, `code`, **bold**.
///
/// A table becomes a list of its rows, because a terminal has no room for wide ones: its first cell is the term. A line
/// that begins with `: ` explains the terms in the lines before it.
struct Roff {
    private var output: [String] = []
    private var paragraph: [String] = []
    private var isCode = false
    private var isInTable = false

    static func body(_ markdown: String) -> String {
        var roff = Roff()
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) { roff.take(String(line)) }
        roff.endParagraph()
        return roff.output.joined(separator: "\n") + "\n"
    }

    private mutating func take(_ line: String) {
        if line.hasPrefix("```") { return toggleCode() }
        if isCode { return output.append(Self.escaped(line)) }
        guard line.hasPrefix("|") else {
            isInTable = false
            return takeText(line)
        }
        // The first row names the columns, the second is a rule.
        if isInTable { takeRow(line) }
        if line.hasPrefix("| ---") { isInTable = true }
    }

    private mutating func takeText(_ line: String) {
        if line.hasPrefix("### ") {
            add([".SS " + Self.inline(String(line.dropFirst(4)))])
        } else if line.hasPrefix("## ") {
            add([".SH " + Self.inline(line.dropFirst(3).uppercased())])
        } else if line.hasPrefix("# ") {
            endParagraph()
        } else if line.hasPrefix("- ") {
            add([".IP \\(bu 2", Self.inline(String(line.dropFirst(2)))])
        } else if line.hasPrefix(": ") {
            define(String(line.dropFirst(2)))
        } else if line.isEmpty {
            endParagraph()
        } else {
            paragraph.append(line)
        }
    }

    private mutating func add(_ lines: [String]) {
        endParagraph()
        output += lines
    }

    private mutating func endParagraph() {
        if !paragraph.isEmpty { output += [".PP"] + paragraph.map(Self.inline) }
        paragraph = []
    }

    private mutating func define(_ text: String) {
        for (index, term) in paragraph.enumerated() { output += [index == 0 ? ".TP" : ".TQ", Self.inline(term)] }
        paragraph = []
        output.append(Self.inline(text))
    }

    private mutating func toggleCode() {
        endParagraph()
        isCode.toggle()
        output += isCode ? [".PP", ".RS 4", ".nf"] : [".fi", ".RE"]
    }

    private mutating func takeRow(_ line: String) {
        endParagraph()
        let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
            .map { $0.trimmingSpaces }
        guard let term = cells.first else { return }
        output += [
            ".TP", Self.inline(term), Self.inline(cells.dropFirst().filter { !$0.isEmpty }.joined(separator: "; ")),
        ]
    }

    /// Text with its `code` and **bold** parts in bold face.
    static func inline(_ text: String) -> String {
        var result = ""
        for (index, part) in text.replacingMarks.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            result += index % 2 == 1 ? "\\fB" + escaped(String(part)) + "\\fR" : escaped(String(part))
        }
        return result
    }

    /// Text in which nothing is taken for a request of roff.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "…": result += "..."
            case "·": result += "\\(pc"
            default: result.append(character)
            }
        }
        return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
    }
}

extension String {
    /// Both marks come out in bold.
    fileprivate var replacingMarks: String {
        var result = ""
        var rest = self[...]
        while let first = rest.first {
            if rest.hasPrefix("**") {
                result += "`"
                rest = rest.dropFirst(2)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
