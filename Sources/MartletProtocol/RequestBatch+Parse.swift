/// From a line to an entry of the batch.
extension RequestBatch {
    /// Whether a line has nothing but blanks: such lines are ignored, not parsed.
    package static func isBlank(_ line: UnsafeRawBufferPointer) -> Bool {
        line.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }

    /// Appends exactly one entry, a request or a failure, for one line.
    ///
    /// The cost is linear in the line's length. Nothing is allocated for a request once the batch is warm; failures are
    /// made of Strings.
    /// - Parameter line: without its LF and a CR before it, not blank. Its bytes must stay where they are until
    ///   `removeAll()`, because the entry's values are slices of it.
    package func parse(_ line: UnsafeRawBufferPointer, limits: borrowing Limits) {
        if storage.pointee.appendKnown(line, limits) { return }
        guard let first = line.first else { return fail(Failure(.badJSON, "the line is empty"), closes: false) }
        if first == UInt8(ascii: "{") { return parseJSON(line, limits) }
        guard let start = line.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }) else {
            return fail(Failure(.badJSON, "the line is blank"), closes: false)
        }
        if line[start] == UInt8(ascii: "{") { return parseJSON(line, limits) }
        let words = UnsafeRawBufferPointer(rebasing: line[start...])
        if let stranger = Stranger(words) { return fail(stranger.failure, closes: true) }
        parseWords(words, at: start, limits)
    }

    /// Appends the failure of a line that is longer than `limits.maxLine`: it is too large whatever it says, but who
    /// does not mean us is turned away as ever.
    /// - Parameter beginning: more than `limits.maxLine` bytes, with which the line begins. How many more depends on
    ///   the pieces in which it came, so they are not looked at.
    package func refuse(tooLong beginning: UnsafeRawBufferPointer, limits: borrowing Limits) {
        let beginning = UnsafeRawBufferPointer(rebasing: beginning.prefix(limits.maxLine))
        let start = beginning.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? beginning.endIndex
        if let stranger = Stranger(UnsafeRawBufferPointer(rebasing: beginning[start...])) {
            return fail(stranger.failure, closes: true)
        }
        fail(Failure(.tooLarge, "the line is longer than \(limits.maxLine) bytes"), closes: false)
    }

    /// A line the first character of which is `{`, perhaps after blanks.
    func parseJSON(_ line: UnsafeRawBufferPointer, _ limits: borrowing Limits) {
        guard var scanner = JSONScanner(line, maxDepth: limits.maxDepth) else {
            return fail(Failure(.badJSON, "the line is empty"), closes: false)
        }
        scanner.skipBlanks()
        let marks = (
            storage.pointee.headers.count, storage.pointee.values.count, storage.pointee.integers.count,
            storage.pointee.texts.count
        )
        var parser = RequestParser(storage: storage, scanner: scanner, limits: limits)
        do throws(Rejection) {
            storage.pointee.lines.append(try parser.readLine())
        } catch {
            storage.pointee.headers.truncate(to: marks.0)
            storage.pointee.values.truncate(to: marks.1)
            storage.pointee.integers.truncate(to: marks.2)
            storage.pointee.texts.truncate(to: marks.3)
            fail(line, error, parser.failure, maxDepth: limits.maxDepth)
        }
    }

    /// Works out what to say about a line that is no request: that it is no JSON comes before everything else.
    @inline(never)
    private func fail(
        _ line: UnsafeRawBufferPointer,
        _ rejection: Rejection,
        _ failure: Failure?,
        maxDepth: Int
    ) {
        let tag = RequestTag.find(in: line, maxDepth: maxDepth)
        var rejection = rejection
        if rejection.cause == .refused {
            guard let defect = Self.defect(in: line, maxDepth: maxDepth) else {
                let unexplained = Failure(.internal, "the request was refused without a reason")
                return fail(failure ?? unexplained, tag: tag, closes: false)
            }
            rejection = defect
        }
        fail(Failure(.badJSON, rejection.reason(length: line.count, maxDepth: maxDepth)), tag: tag, closes: false)
    }

    /// Where a line is no JSON object; nil if it is one.
    private static func defect(in line: UnsafeRawBufferPointer, maxDepth: Int) -> Rejection? {
        guard var scanner = JSONScanner(line, maxDepth: maxDepth) else { return nil }
        do throws(Rejection) {
            scanner.skipBlanks()
            try scanner.skipValue(depth: 0)
            try scanner.expectEnd()
            return nil
        } catch {
            return error
        }
    }
}
