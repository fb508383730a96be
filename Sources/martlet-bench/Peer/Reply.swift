import Glibc

/// One reply, or a message that a server pushed.
struct Reply: Equatable {
    enum Kind: Equatable {
        /// More bytes are needed.
        case incomplete
        /// A request was carried out.
        case confirmed
        /// Messages: their handles were appended.
        case delivered
        /// A receive that brought nothing.
        case empty
        /// The server wants to know whether we are there.
        case keepalive
        /// Nothing that answers a request.
        case noise
        /// An error.
        case refused
    }

    let kind: Kind
    /// Bytes it takes up.
    let length: Int

    static let incomplete = Reply(kind: .incomplete, length: 0)
}

extension UnsafeRawBufferPointer {
    /// The length of the first line with its LF; 0 if there is none.
    func lineLength(from offset: Int = 0) -> Int {
        guard offset < count, let base = baseAddress else { return 0 }
        guard let end = memchr(base + offset, 10, count - offset) else { return 0 }
        return UnsafeRawPointer(end) - base - offset + 1
    }

    func starts(with text: StaticString, at offset: Int = 0) -> Bool {
        guard count - offset >= text.utf8CodeUnitCount, let base = baseAddress else { return false }
        return memcmp(base + offset, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// Where `text` stands first at or after `offset`. Quick where its first byte is rare.
    func find(_ text: StaticString, from offset: Int = 0) -> Int? {
        guard let base = baseAddress else { return nil }
        var place = offset
        while place < count, let found = memchr(base + place, Int32(text.utf8Start.pointee), count - place) {
            place = UnsafeRawPointer(found) - base
            if starts(with: text, at: place) { return place }
            place += 1
        }
        return nil
    }

    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }

    /// The decimal number at `offset`, and where it ends.
    func number(at offset: Int) -> (value: Int, end: Int) {
        var place = offset
        let isNegative = place < count && self[place] == UInt8(ascii: "-")
        if isNegative { place += 1 }
        var value = 0
        while place < count, case let digit = self[place] &- UInt8(ascii: "0"), digit < 10 {
            value = value &* 10 &+ Int(digit)
            place += 1
        }
        return (isNegative ? -value : value, place)
    }
}
