import Glibc

/// Replies and events of Martlet, told apart by their first bytes; JSON is read no further than to the ids.
enum MartletReply {
    static func read(_ bytes: UnsafeRawBufferPointer, into handles: Handles) -> Reply {
        let length = bytes.lineLength()
        if length == 0 { return .incomplete }
        let line = bytes.part(0..<length)
        if line.starts(with: "{\"ok\":true") {
            guard line.starts(with: ",\"messages\":[", at: 10) else { return Reply(kind: .confirmed, length: length) }
            let isEmpty = line[23] == UInt8(ascii: "]")
            if !isEmpty { readMessages(line, from: 23, into: handles) }
            return Reply(kind: isEmpty ? .empty : .delivered, length: length)
        }
        guard line.starts(with: "{\"event\":"), let id = line.find("\"id\":") else {
            return Reply(kind: .refused, length: length)
        }
        handles.append(line.part(id + 5..<line.number(at: id + 5).end))
        return Reply(kind: .delivered, length: length)
    }

    /// A message begins with its id, and our bodies contain no braces: so every brace that is followed by an id begins
    /// a message.
    private static func readMessages(_ line: UnsafeRawBufferPointer, from start: Int, into handles: Handles) {
        guard let base = line.baseAddress else { return }
        var place = start
        while let brace = memchr(base + place, Int32(UInt8(ascii: "{")), line.count - place) {
            place = UnsafeRawPointer(brace) - base + 1
            guard line.starts(with: "\"id\":", at: place) else { continue }
            let end = line.number(at: place + 5).end
            handles.append(line.part(place + 5..<end))
            place = end
        }
    }
}
