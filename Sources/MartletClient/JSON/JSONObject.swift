/// The members of one JSON object, found and not decoded. O(length) to make, O(members) to look one up.
struct JSONObject {
    let bytes: [UInt8]
    private var members: [(name: Range<Int>, value: Range<Int>)] = []

    /// Nil if `bytes` is no object.
    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        members.reserveCapacity(12)
        var cursor = JSONCursor(bytes)
        guard cursor.skip(UInt8(ascii: "{")) else { return nil }
        if !cursor.skip(UInt8(ascii: "}")) {
            repeat {
                guard let name = cursor.skipValue(), cursor.skip(UInt8(ascii: ":")), let value = cursor.skipValue()
                else { return nil }
                members.append((name, value))
            } while cursor.skip(UInt8(ascii: ","))
            guard cursor.skip(UInt8(ascii: "}")) else { return nil }
        }
        guard cursor.position == bytes.count else { return nil }
    }

    /// The value of a member whose name is spelt without escapes, as the server's always are.
    subscript(name: StaticString) -> JSONSlice? {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        for member in members where member.name.count == wanted.count + 2 {
            let spelt = bytes[(member.name.lowerBound + 1)..<(member.name.upperBound - 1)]
            if spelt.elementsEqual(wanted) { return JSONSlice(bytes: bytes[member.value]) }
        }
        return nil
    }

    /// The members' names as they are spelt, and their values.
    var all: [(name: String, value: JSONSlice)] {
        members.map { (JSONSlice(bytes: bytes[$0.name]).string ?? "", JSONSlice(bytes: bytes[$0.value])) }
    }
}
