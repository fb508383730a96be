/// Values of Redis' protocol. A handle is kept with its length before it, as it goes into the request that settles it.
enum RedisReply {
    static func read(_ bytes: UnsafeRawBufferPointer, into handles: Handles, streams: Bool) -> Reply {
        guard let length = length(of: bytes, at: 0, depth: 0) else { return .incomplete }
        switch bytes[0] {
        case UInt8(ascii: "+"), UInt8(ascii: ":"):
            return Reply(kind: .confirmed, length: length)
        case UInt8(ascii: "$") where bytes[1] != UInt8(ascii: "-"):
            // XADD answers with an id; a list with the message.
            if streams { return Reply(kind: .confirmed, length: length) }
            handles.append(bytes.part(0..<length))
            return Reply(kind: .delivered, length: length)
        case UInt8(ascii: "*") where bytes[1] != UInt8(ascii: "-"):
            guard streams, let id = entry(bytes) else { return Reply(kind: .refused, length: length) }
            handles.append(id)
            return Reply(kind: .delivered, length: length)
        case UInt8(ascii: "$"), UInt8(ascii: "*"):
            return Reply(kind: .empty, length: length)
        default:
            return Reply(kind: .refused, length: length)
        }
    }

    /// The bytes of the value at `offset`; nil if not all are there.
    private static func length(of bytes: UnsafeRawBufferPointer, at offset: Int, depth: Int) -> Int? {
        let line = bytes.lineLength(from: offset)
        if line == 0 { return nil }
        let size = bytes.number(at: offset + 1).value
        switch bytes[offset] {
        case UInt8(ascii: "$") where size >= 0:
            return offset + line + size + 2 <= bytes.count ? line + size + 2 : nil
        case UInt8(ascii: "*") where size > 0 && depth < 8:
            var total = line
            for _ in 0..<size {
                guard let part = length(of: bytes, at: offset + total, depth: depth + 1) else { return nil }
                total += part
            }
            return total
        default:
            return line
        }
    }

    /// The id of the one entry in `[[stream, [[id, [field, value]]]]]`: six lines before it.
    private static func entry(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var place = 0
        for _ in 0..<6 { place += bytes.lineLength(from: place) }
        guard let length = length(of: bytes, at: place, depth: 0), bytes[place] == UInt8(ascii: "$") else { return nil }
        return bytes.part(place..<place + length)
    }
}
