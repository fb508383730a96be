/// A short name as machine words, so that two of them are compared in three steps: its bytes in order, low end first,
/// and zeros behind. Of a name over 24 bytes only the length is kept: no known name is that long.
struct Name: BitwiseCopyable, Equatable {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var third: UInt64 = 0
    var length: Int

    static let maximumLength = 24

    init(first: UInt64, length: Int) {
        self.first = first
        self.length = length
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        length = bytes.count
        guard bytes.count <= Self.maximumLength else { return }
        for (index, byte) in bytes.enumerated() {
            let shifted = UInt64(byte) << UInt64(index % 8 * 8)
            switch index / 8 {
            case 0: first |= shifted
            case 1: second |= shifted
            default: third |= shifted
            }
        }
    }

    init(_ text: String) {
        self = Array(text.utf8).withUnsafeBytes { Name($0) }
    }

    @inline(__always)
    static func == (one: Name, other: Name) -> Bool {
        (one.first ^ other.first) | (one.second ^ other.second) | (one.third ^ other.third) == 0
            && one.length == other.length
    }
}

/// Finds the number of a known name: a hash table with open addressing, at most a quarter full, filled once.
///
/// Unsafe memory: `slots` holds 256 bytes, and a hash has eight bits; a slot holds 0 or 1 + the index of an entry in
/// `entries`. Both live until `deallocate()`.
struct NameIndex {
    private let slots: UnsafeMutablePointer<UInt8>
    private let entries: UnsafeMutablePointer<(name: Name, number: Int)>

    static let none = -1

    init(_ names: [(name: String, number: Int)]) {
        precondition(names.count <= 64, "a fuller table would search longer")
        slots = .allocate(capacity: 256)
        slots.initialize(repeating: 0, count: 256)
        entries = .allocate(capacity: names.count)
        for (index, entry) in names.enumerated() {
            let name = Name(entry.name)
            precondition(name.length <= Name.maximumLength, "a longer name would never be found")
            (entries + index).initialize(to: (name, entry.number))
            var slot = Self.slot(of: name)
            while slots[slot] != 0 { slot = (slot + 1) & 255 }
            slots[slot] = UInt8(index + 1)
        }
    }

    func deallocate() {
        slots.deallocate()
        entries.deallocate()
    }

    /// The number of a name, or `none`.
    @inline(__always)
    func number(of name: Name) -> Int {
        var slot = Self.slot(of: name)
        while slots[slot] != 0 {
            let entry = entries + Int(slots[slot] - 1)
            if entry.pointee.name == name { return entry.pointee.number }
            slot = (slot + 1) & 255
        }
        return Self.none
    }

    @inline(__always)
    private static func slot(of name: Name) -> Int {
        let mixed = (name.first ^ name.second << 3 ^ UInt64(truncatingIfNeeded: name.length)) &* 0x9E37_79B9_7F4A_7C15
        return Int(mixed >> 56)
    }
}
