/// Our own lines, come back. An echoed receive counts as a delivery of message 1.
enum EchoReply {
    static func read(_ bytes: UnsafeRawBufferPointer, into handles: Handles) -> Reply {
        let length = bytes.lineLength()
        if length == 0 { return .incomplete }
        guard bytes.starts(with: "{\"op\":\"receive\"") else { return Reply(kind: .confirmed, length: length) }
        // Of a batch too, as many as were asked for: the deletes that follow are as long as they would be.
        var count = 1
        if let maximum = bytes.part(0..<length).find("\"max\":") { count = bytes.number(at: maximum + 6).value }
        let one: StaticString = "1"
        for _ in 0..<count { handles.append(UnsafeRawBufferPointer(start: one.utf8Start, count: 1)) }
        return Reply(kind: .delivered, length: length)
    }
}
