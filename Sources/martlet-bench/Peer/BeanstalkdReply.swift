enum BeanstalkdReply {
    static func read(_ bytes: UnsafeRawBufferPointer, into handles: Handles) -> Reply {
        let length = bytes.lineLength()
        if length == 0 { return .incomplete }
        if bytes.starts(with: "RESERVED ") { return readJob(bytes, line: length, into: handles) }
        if bytes.starts(with: "INSERTED") || bytes.starts(with: "DELETED") || bytes.starts(with: "RELEASED")
            || bytes.starts(with: "USING") || bytes.starts(with: "WATCHING")
        {
            return Reply(kind: .confirmed, length: length)
        }
        if bytes.starts(with: "TIMED_OUT") || bytes.starts(with: "DEADLINE_SOON") {
            return Reply(kind: .empty, length: length)
        }
        return Reply(kind: .refused, length: length)
    }

    /// `RESERVED <id> <bytes>`, the body and a line's end.
    private static func readJob(_ bytes: UnsafeRawBufferPointer, line: Int, into handles: Handles) -> Reply {
        let idEnd = bytes.number(at: 9).end
        let total = line + bytes.number(at: idEnd + 1).value + 2
        if total > bytes.count { return .incomplete }
        handles.append(bytes.part(9..<idEnd))
        return Reply(kind: .delivered, length: total)
    }
}
