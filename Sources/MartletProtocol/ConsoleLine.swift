/// A line of words, as a person types it, and the JSON request that it stands for.
///
///     send work hello there   →   {"op":"send","queue":"work","body":"hello there"}
///
/// The request is then parsed as if it had come that way, so that both forms obey the same rules.
struct ConsoleLine: ~Copyable {
    private let line: UnsafeRawBufferPointer
    private var place = 0

    /// - Parameter line: valid UTF-8 that begins as words do.
    init(_ line: UnsafeRawBufferPointer) { self.line = line }

    /// Words begin with a letter, or with the `?` of somebody who wants help.
    static func begins(with byte: UInt8) -> Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        return letters.contains(byte | 0x20) || byte == UInt8(ascii: "?")
    }

    /// Writes the request; throws a failure that says how the words should be.
    /// - Parameter operations: the index of the names of operations.
    mutating func write(into json: inout ByteBuffer, operations: NameIndex) throws(Failure) {
        let word = nextWord()
        let number = operations.number(of: Name(word))
        guard number != NameIndex.none, let operation = Operation(rawValue: UInt8(number)) else {
            throw Failure(.unknownOperation, RequestParser.unknownOperation(Spelling.excerpt(of: word)))
        }
        let entry = OperationTable[operation]
        let name = operation.name
        guard let form = entry.console else {
            let example = entry.examples.first?.request ?? "{\"op\":\"\(name)\"}"
            throw Failure(
                .badRequest,
                "`\(name)` has no words for the console; send it as JSON, for example \(example)"
            )
        }
        json.append("{\"op\":")
        json.append(quoted: name)
        for word in form.words { try write(word, of: operation, form, into: &json) }
        guard nextWord().isEmpty else {
            throw Failure(.badRequest, "too many words; usage: \(form.usage(of: operation))")
        }
        json.append("}")
    }

    private mutating func write(
        _ word: ConsoleForm.Word,
        of operation: Operation,
        _ form: ConsoleForm,
        into json: inout ByteBuffer
    ) throws(Failure) {
        let text = word.kind == .rest ? rest() : nextWord()
        guard !text.isEmpty else {
            if !word.isRequired { return }
            throw Failure(.badRequest, "`\(word.usage)` is missing; usage: \(form.usage(of: operation))")
        }
        json.append(",")
        json.append(quoted: word.field.name)
        json.append(":")
        guard word.kind == .number else { return json.append(quoted: text) }
        guard Self.isNumber(text) else {
            throw Failure(.badRequest, "`\(word.field.name)` must be a number; usage: \(form.usage(of: operation))")
        }
        json.append(text)
    }

    private static func isNumber(_ text: UnsafeRawBufferPointer) -> Bool {
        guard var scanner = JSONScanner(text, maxDepth: 0) else { return false }
        do throws(Rejection) {
            _ = try scanner.readNumber()
            return scanner.place == scanner.end
        } catch {
            return false
        }
    }

    // MARK: Words

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private mutating func skipBlanks() {
        while place < line.count, Self.isBlank(line[place]) { place += 1 }
    }

    /// The next word; empty at the end of the line.
    private mutating func nextWord() -> UnsafeRawBufferPointer {
        skipBlanks()
        let beginning = place
        while place < line.count, !Self.isBlank(line[place]) { place += 1 }
        return UnsafeRawBufferPointer(rebasing: line[beginning..<place])
    }

    /// Everything from the next word to the end of the line, blanks at the end included.
    private mutating func rest() -> UnsafeRawBufferPointer {
        skipBlanks()
        defer { place = line.count }
        return UnsafeRawBufferPointer(rebasing: line[place...])
    }
}

extension RequestBatch {
    /// A line that begins with no brace and comes from no stranger: words, or nothing that can be understood.
    /// - Parameter start: how many blanks stand before the words.
    func parseWords(_ words: UnsafeRawBufferPointer, at start: Int, _ limits: borrowing Limits) {
        guard ConsoleLine.begins(with: words[0]) else {
            let sentence = "a request is one JSON object, or words such as `help`: neither begins with "
            let stranger = Spelling.describe(words[0])
            return fail(Failure(.badJSON, sentence + "\(stranger), at byte \(start + 1)"), closes: false)
        }
        if let offset = JSONScanner.offsetOfInvalidUTF8(in: words) {
            return fail(Failure(.badJSON, "the words are not valid UTF-8 at byte \(start + offset + 1)"), closes: false)
        }
        var json = ByteBuffer(capacity: words.count + 128)
        var line = ConsoleLine(words)
        do throws(Failure) {
            try line.write(into: &json, operations: storage.pointee.table.operations)
        } catch {
            return fail(error, closes: false)
        }
        let kept = storage.pointee.decoded.reserve(json.count)
        kept.copyMemory(from: json.bytes)
        storage.pointee.decoded.take(json.count)
        parseJSON(UnsafeRawBufferPointer(kept), limits)
    }
}
