/// Lines that begin like an earlier one and end with the value of its last member: nearly all that busy clients send.
extension BatchStorage {
    /// Appends the request of such a line.
    ///
    /// Its members are those of the earlier line, so they fit the operation; only the last value is new.
    /// - Returns: false, with nothing changed, if the line is none of these or has anything that needs more than a
    ///   look: the parser then reads it.
    @inline(__always)
    mutating func appendKnown(_ line: UnsafeRawBufferPointer, _ limits: borrowing Limits) -> Bool {
        let place = templates.find(line)
        guard place >= 0, var scanner = JSONScanner(line, maxDepth: limits.maxDepth) else { return false }
        let template = templates[place]
        scanner.place += template.pointee.length
        let count = template.pointee.count + 1
        let request = values.reserve(count)
        let last = request + template.pointee.rank
        // Its parts are written one by one, where they belong: see `RequestParser.readValue`.
        last.initialize(to: Value(raw: UnsafeRawBufferPointer(start: nil, count: 0)))
        guard Self.readLast(&scanner, template.pointee.rule, limits.maxBody, into: last), scanner.endsLine else {
            return false
        }
        templates.recall(place, scanner.start, inOrder: request)
        lines.append(headers.count)
        headers.append(
            RequestBatch.Header(
                operation: template.pointee.operation,
                fields: template.pointee.fields | 1 << UInt64(truncatingIfNeeded: template.pointee.field),
                firstValue: values.count
            )
        )
        values.advance(by: count)
        return true
    }

    /// Appends an object of `messages` that has a body and nothing else. Returns the place of its header.
    @inline(__always)
    mutating func append(messageWithBody body: UnsafeRawBufferPointer) -> Int {
        headers.append(
            RequestBatch.Header(operation: .send, fields: 1 << UInt64(Field.body.rawValue), firstValue: values.count)
        )
        values.append(Value(raw: body))
        return headers.count - 1
    }

    /// Reads the value at the cursor if it is one of the ordinary ones and is as the rule says.
    @inline(__always)
    private static func readLast(
        _ scanner: inout JSONScanner,
        _ rule: ParseTable.Rule,
        _ maxBody: Int,
        into value: UnsafeMutablePointer<Value>
    ) -> Bool {
        let beginning = scanner.place
        switch rule.kind {
        case .anything:
            guard scanner.skipsOrdinaryString() || scanner.skipsValue(), scanner.place - beginning <= maxBody else {
                return false
            }
        case .integer:
            guard let number = scanner.readOrdinaryInteger(), number >= rule.minimum, number <= rule.maximum else {
                return false
            }
            value.pointee.number = number
        case .queueName:
            guard let name = scanner.readOrdinaryName(maximumLength: RequestParser.maximumNameLength) else {
                return false
            }
            value.pointee.text = name
        default: return false
        }
        value.pointee.raw = scanner.text(since: beginning)
        return true
    }
}

/// Values as most of them are. What is not recognised here need not be wrong.
extension JSONScanner {
    /// Nothing is left but the end of the line's object.
    @inline(__always)
    fileprivate var endsLine: Bool { end - place == 1 && byte == UInt8(ascii: "}") }

    /// The body of `{"body":"…"}`, an object of plain characters without blanks, which nearly all objects of
    /// `messages` are. If it is none, the cursor stays.
    @inline(__always)
    mutating func readLoneBody(maxBody: Int) -> UnsafeRawBufferPointer? {
        let beginning = place
        // Eight bytes, as they stand in a word: `{"body":`.
        let opening = UInt64(littleEndian: 0x3A22_7964_6F62_227B)
        guard end - place > 8, place.loadUnaligned(as: UInt64.self) == opening else { return nil }
        place += 8
        let start = place
        guard skipsOrdinaryString(), byte == UInt8(ascii: "}"), place - start <= maxBody else {
            place = beginning
            return nil
        }
        let body = text(since: start)
        place += 1
        return body
    }

    /// A string of plain characters. If it is none, the cursor stays.
    @inline(__always)
    fileprivate mutating func skipsOrdinaryString() -> Bool {
        guard byte == UInt8(ascii: "\"") else { return false }
        let beginning = place
        place += 1
        skipPlainRun()
        guard byte == UInt8(ascii: "\"") else {
            place = beginning
            return false
        }
        place += 1
        return true
    }

    /// Any value of a request's member.
    @inline(never)
    fileprivate mutating func skipsValue() -> Bool {
        do throws(Rejection) {
            try skipValue(depth: 1)
            return true
        } catch {
            return false
        }
    }

    /// Up to fifteen digits.
    @inline(__always)
    fileprivate mutating func readOrdinaryInteger() -> Int? {
        let beginning = place
        var ahead = place
        var number = 0
        while ahead < end {
            let digit = Int(ahead.load(as: UInt8.self) &- UInt8(ascii: "0"))
            guard digit < 10 else { break }
            number = number &* 10 &+ digit
            ahead += 1
        }
        let length = ahead - beginning
        guard length > 0, length <= 15, length == 1 || byte != UInt8(ascii: "0") else { return nil }
        place = ahead
        return number
    }

    /// A queue's name written without escapes.
    @inline(__always)
    fileprivate mutating func readOrdinaryName(maximumLength: Int) -> UnsafeRawBufferPointer? {
        guard byte == UInt8(ascii: "\"") else { return nil }
        place += 1
        let beginning = place
        skip(.queueName)
        let name = text(since: beginning)
        guard byte == UInt8(ascii: "\""), name.count > 0, name.count <= maximumLength else { return nil }
        place += 1
        return name
    }
}
