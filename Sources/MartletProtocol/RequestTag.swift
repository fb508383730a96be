/// The `tag` of a request: a short JSON string or number, echoed as it came.
enum RequestTag {
    static let maximumLength = 256
    static let reason = "`tag` must be a number or a string, of at most \(maximumLength) bytes as it stands in the line"

    /// The tag at the cursor, with its quotes; nil if the value there is none.
    static func read(_ scanner: inout JSONScanner) throws(Rejection) -> UnsafeRawBufferPointer? {
        let beginning = scanner.place
        let isText = scanner.byte == UInt8(ascii: "\"")
        switch scanner.byte {
        case UInt8(ascii: "\""): _ = try scanner.skipString()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try scanner.readNumber()
        default: return nil
        }
        let tag = scanner.text(since: beginning)
        return tag.count <= maximumLength + (isText ? 2 : 0) ? tag : nil
    }

    /// The tag of a line that was refused, wherever it stands before the first byte that is no JSON; empty if none.
    static func find(in line: UnsafeRawBufferPointer, maxDepth: Int) -> UnsafeRawBufferPointer {
        var found = UnsafeRawBufferPointer(start: nil, count: 0)
        guard var scanner = JSONScanner(line, maxDepth: maxDepth) else { return found }
        let name = Name("tag")
        do throws(Rejection) {
            scanner.skipBlanks()
            guard scanner.byte == UInt8(ascii: "{") else { return found }
            if try scanner.entersEmpty(closing: UInt8(ascii: "}"), depth: 1) { return found }
            repeat {
                let isTag = try scanner.readName() == name
                try scanner.skipColon()
                let beginning = scanner.place
                if isTag, found.baseAddress == nil, let tag = try read(&scanner) { found = tag }
                scanner.place = beginning
                try scanner.skipValue(depth: 1)
            } while try !scanner.endsObject()
        } catch {
            // What follows is no JSON: the tag found before it is the answer.
        }
        return found
    }
}
