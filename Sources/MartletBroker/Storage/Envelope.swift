import MartletProtocol

/// What stands before the body in the payload of a message that has more than a body.
///
/// Most messages have none. The members that a delivery shows (`headers`, `group`, `topic`, `origin`, …) are kept as
/// the JSON text that goes into the reply, so that a delivery copies and does not format.
///
///     | expires_at: 8 | origin length: 4 | members length: 4 | hop count: 4 | hops: 4 each | origin | members | body |
///
/// A hop is the number of a queue in which the message has died: it does not go there a second time.
struct Envelope {
    /// Unix milliseconds; 0 for never.
    var expiresAt = 0
    var hops: [UInt32] = []
    /// `,"origin":{…}`, or empty.
    var origin = UnsafeRawBufferPointer(start: nil, count: 0)
    /// `,"headers":{…},"group":"…"`, …, each with its leading comma.
    var members = UnsafeRawBufferPointer(start: nil, count: 0)

    private static let fixedSize = 20

    init() {}

    var isEmpty: Bool { expiresAt == 0 && hops.isEmpty && origin.isEmpty && members.isEmpty }

    /// Bytes that it takes in a payload.
    var size: Int { isEmpty ? 0 : Self.size(hops: hops.count, text: origin.count + members.count) }

    /// The size of one that is not empty.
    static func size(hops: Int, text: Int) -> Int { fixedSize + 4 * hops + text }

    func write(to pointer: UnsafeMutableRawPointer) {
        guard !isEmpty else { return }
        pointer.storeBytes(of: expiresAt, as: Int.self)
        pointer.storeBytes(of: UInt32(origin.count), toByteOffset: 8, as: UInt32.self)
        pointer.storeBytes(of: UInt32(members.count), toByteOffset: 12, as: UInt32.self)
        pointer.storeBytes(of: UInt32(hops.count), toByteOffset: 16, as: UInt32.self)
        var offset = Self.fixedSize
        for hop in hops {
            pointer.storeBytes(of: hop, toByteOffset: offset, as: UInt32.self)
            offset += 4
        }
        for part in [origin, members] where !part.isEmpty {
            UnsafeMutableRawBufferPointer(start: pointer + offset, count: part.count).copyMemory(from: part)
            offset += part.count
        }
    }

    /// Reads the envelope at the front of a payload; the slices point into it.
    init(payload: UnsafeRawBufferPointer) {
        expiresAt = payload.loadUnaligned(as: Int.self)
        let originLength = Int(payload.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        let membersLength = Int(payload.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
        let hopCount = Int(payload.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
        hops = (0..<hopCount).map {
            payload.loadUnaligned(fromByteOffset: Self.fixedSize + 4 * $0, as: UInt32.self)
        }
        let start = Self.fixedSize + 4 * hopCount
        origin = UnsafeRawBufferPointer(rebasing: payload[start..<start + originLength])
        members = UnsafeRawBufferPointer(rebasing: payload[start + originLength..<start + originLength + membersLength])
    }

    /// The name of the producer as a JSON string, quotes and escapes included; empty if it gave none.
    var producer: String {
        // It is the first of the members, where there is one.
        let key = Array(",\"producer\":".utf8)
        guard members.count > key.count, members.prefix(key.count).elementsEqual(key) else { return "" }
        var end = key.count + 1
        while members[end] != UInt8(ascii: "\"") { end += members[end] == UInt8(ascii: "\\") ? 2 : 1 }
        return String(decoding: members[key.count...end], as: UTF8.self)
    }

    /// When the message expires, without reading the rest.
    static func expiresAt(payload: UnsafeRawBufferPointer) -> Int { payload.loadUnaligned(as: Int.self) }

    /// The members to show (origin first) and the body behind them.
    static func shown(
        payload: UnsafeRawBufferPointer
    ) -> (members: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer) {
        let originLength = Int(payload.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        let membersLength = Int(payload.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
        let hopCount = Int(payload.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
        let start = fixedSize + 4 * hopCount
        let end = start + originLength + membersLength
        return (
            UnsafeRawBufferPointer(rebasing: payload[start..<end]), UnsafeRawBufferPointer(rebasing: payload[end...])
        )
    }
}
