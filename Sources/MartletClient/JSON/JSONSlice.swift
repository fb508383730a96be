import FoundationEssentials

/// One JSON value inside a reply.
struct JSONSlice {
    let bytes: ArraySlice<UInt8>

    /// The string if there is nothing in it to decode.
    var plainString: String? {
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), !bytes.contains(UInt8(ascii: "\\")) else {
            return nil
        }
        return String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
    }

    var string: String? {
        if let plainString { return plainString }
        guard bytes.first == UInt8(ascii: "\"") else { return nil }
        do {
            return try JSONDecoder().decode(String.self, from: Data(bytes))
        } catch {
            // An escape that stands for no character: not a string then.
            return nil
        }
    }

    var integer: Int? {
        var value = 0
        let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes
        guard !digits.isEmpty, digits.count < 18 else { return nil }
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return digits.count == bytes.count ? value : -value
    }

    var number: Double? { Double(String(decoding: bytes, as: UTF8.self)) }

    /// Seconds; nil if it is no number, or one that no duration can hold.
    var duration: Duration? {
        guard let number, number.magnitude < 1e15 else { return nil }
        return .milliseconds(Int((number * 1000).rounded()))
    }

    var isTrue: Bool { bytes.elementsEqual("true".utf8) }

    /// An instant in Unix milliseconds.
    var date: Date? { integer.map(Date.init(milliseconds:)) }

    var text: JSONText { JSONText(trusted: Array(bytes)) }

    /// The members if this is an object.
    var object: JSONObject? { JSONObject(Array(bytes)) }

    /// The elements if this is an array; nil if it is none. O(length).
    var elements: [JSONSlice]? {
        var cursor = JSONCursor(Array(bytes))
        guard cursor.skip(UInt8(ascii: "[")) else { return nil }
        if cursor.skip(UInt8(ascii: "]")) { return [] }
        var elements: [JSONSlice] = []
        repeat {
            guard let range = cursor.skipValue() else { return nil }
            elements.append(JSONSlice(bytes: cursor.bytes[range]))
        } while cursor.skip(UInt8(ascii: ","))
        return cursor.skip(UInt8(ascii: "]")) ? elements : nil
    }
}

extension Date {
    /// Unix milliseconds, as all instants on the wire are.
    init(milliseconds: Int) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    var milliseconds: Int { Int((timeIntervalSince1970 * 1000).rounded()) }
}
