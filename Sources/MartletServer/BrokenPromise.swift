import MartletProtocol

/// What is said instead when the journal has failed before it was durable: each reply of `ok` becomes a failure with
/// the same tag, and deliveries are left out, since nobody may see a message that is not kept.
enum BrokenPromise {
    static func replace(_ bytes: UnsafeRawBufferPointer) -> ByteBuffer {
        var output = ByteBuffer(capacity: bytes.count)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            start = end
            if line.starts(with: accepted) {
                output.append("{\"ok\":false")
                output.append(tag(of: line))
                output.append(",\"error\":\"not_durable\",\"reason\":\"")
                // It may have reached the disk all the same.
                output.append("the journal failed before this was durable: it does not count now, ")
                output.append("but may be there or not after a restart\"}\n")
            } else if line.starts(with: refused) {
                output.append(line)
            }
        }
        return output
    }

    private static let accepted = Array("{\"ok\":true".utf8)
    private static let refused = Array("{\"ok\":false".utf8)
    private static let tagMember = Array(",\"tag\":".utf8)

    /// `,"tag":…` of a reply, which stands right behind `ok`; empty if it has none.
    private static func tag(of line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let rest = UnsafeRawBufferPointer(rebasing: line[accepted.count...])
        guard rest.starts(with: tagMember) else { return UnsafeRawBufferPointer(rebasing: rest[0..<0]) }
        var end = tagMember.count
        if rest[end] == UInt8(ascii: "\"") {
            end += 1
            while rest[end] != UInt8(ascii: "\"") { end += rest[end] == UInt8(ascii: "\\") ? 2 : 1 }
            end += 1
        } else {
            while rest[end] != UInt8(ascii: ","), rest[end] != UInt8(ascii: "}") { end += 1 }
        }
        return UnsafeRawBufferPointer(rebasing: rest[..<end])
    }
}
