/// What a NATS server says: `MSG subject sid [reply-to] size`, the body and a line's end; HMSG has headers in front of
/// the body.
enum JetStreamReply {
    static func read(_ bytes: UnsafeRawBufferPointer, into handles: Handles) -> Reply {
        let line = bytes.lineLength()
        if line == 0 { return .incomplete }
        let hasHeaders = bytes.starts(with: "HMSG ")
        guard hasHeaders || bytes.starts(with: "MSG ") else { return readWord(bytes, line) }
        // The words of the line; a reply-to makes one more. The server writes two blanks where there is none.
        var words: (count: Int, last: Int, replyTo: Range<Int>) = (0, 0, 0..<0)
        var start = 0
        for place in 0..<line where bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "\r") {
            if place > start {
                if words.count == 3 { words.replyTo = start..<place }
                words.count += 1
                words.last = start
            }
            start = place + 1
        }
        let total = line + bytes.number(at: words.last).value + 2
        if total > bytes.count { return .incomplete }
        if words.count == (hasHeaders ? 6 : 5) {
            handles.append(bytes.part(words.replyTo))
            return Reply(kind: .delivered, length: total)
        }
        // Without a message: a status such as "404 No Messages".
        if hasHeaders { return Reply(kind: .empty, length: total) }
        let isError = bytes.part(line..<total).find("\"error\"") != nil
        return Reply(kind: isError ? .refused : .confirmed, length: total)
    }

    private static func readWord(_ bytes: UnsafeRawBufferPointer, _ line: Int) -> Reply {
        if bytes.starts(with: "PING") { return Reply(kind: .keepalive, length: line) }
        if bytes.starts(with: "PONG") { return Reply(kind: .confirmed, length: line) }
        if bytes.starts(with: "-ERR") { return Reply(kind: .refused, length: line) }
        return Reply(kind: .noise, length: line)
    }
}
