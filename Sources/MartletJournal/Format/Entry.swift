internal import CChecksum

/// What the journal keeps whole or not at all: a payload that it knows nothing of, behind eight bytes.
///
/// | offset | bytes | what |
/// | --- | --- | --- |
/// | 0 | 4 | length of the payload, 1...2^30; or `Mark.word` |
/// | 4 | 4 | CRC32C, begun with the segment's seed, of the length and the payload |
/// | 8 | length | payload |
///
/// Who appends leaves the checksum zero. Entries follow one another without padding. A length of zero says that none
/// follows: what is written to a file ends with such a *terminator*, or with as much of it as the segment has room for,
/// and the next write begins in its place.
package enum Entry {
    /// Bytes before the payload.
    package static let headSize = 8
    /// Bytes of a terminator.
    static let terminatorSize = 4
    /// Bytes of the longest payload.
    package static let maximumLength = 1 << 30

    @inline(__always)
    static func checksum(of entry: UnsafeRawBufferPointer, seed: UInt32) -> UInt32 {
        guard let start = entry.baseAddress else { preconditionFailure("an entry has a head") }
        precondition(entry.count >= headSize, "an entry has a whole head")
        return cchecksum_crc32c_of_entry(seed, start, entry.count)
    }

    /// Fills in the checksums of entries that lie back to back, and what the marks among them say.
    static func seal(_ entries: UnsafeMutableRawBufferPointer, seed: UInt32, mark: Mark) {
        var offset = 0
        while offset < entries.count {
            var word = entries.word32(offset)
            if word == Mark.word {
                mark.write(to: UnsafeMutableRawBufferPointer(rebasing: entries[offset..<(offset + Mark.size)]))
                word = UInt32(Mark.size - headSize)
            } else {
                precondition(isLength(word), "who appends says how long each entry is")
            }
            let end = offset + headSize + Int(word)
            precondition(end <= entries.count, "who appends hands over whole entries")
            let entry = UnsafeRawBufferPointer(rebasing: entries[offset..<end])
            entries.setWord32(offset + 4, checksum(of: entry, seed: seed))
            offset = end
        }
    }

    /// Copies entries that lie back to back to where they are to stay, their checksums filled in, without the length of
    /// the first: as long as that is zero there, none of them is there. Zeros behind them say that nothing follows.
    ///
    /// `place` has room for four bytes more than the entries.
    package static func copyUnfinished(
        _ entries: UnsafeRawBufferPointer,
        to place: UnsafeMutableRawPointer,
        seed: UInt32
    ) {
        guard let start = entries.baseAddress else { preconditionFailure("there is at least one entry") }
        (place + 4).copyMemory(from: start + 4, byteCount: entries.count - 4)
        place.storeBytes(of: 0, toByteOffset: entries.count, as: UInt32.self)
        var offset = 0
        while offset < entries.count {
            let word = entries.word32(offset)
            let end = offset + headSize + Int(word)
            precondition(isLength(word) && end <= entries.count, "who appends hands over whole entries")
            let entry = UnsafeRawBufferPointer(start: start + offset, count: end - offset)
            let sum = checksum(of: entry, seed: seed)
            place.storeBytes(of: sum.littleEndian, toByteOffset: offset + 4, as: UInt32.self)
            offset = end
        }
    }

    @inline(__always)
    static func isLength(_ word: UInt32) -> Bool { word != 0 && word <= UInt32(maximumLength) }

    /// Whether bytes are entries, back to back, and none is damaged.
    static func areWhole(_ entries: UnsafeRawBufferPointer, seed: UInt32) -> Bool {
        var offset = 0
        while offset < entries.count {
            guard entries.count - offset > headSize else { return false }
            let word = entries.word32(offset)
            guard word == Mark.word || isLength(word) else { return false }
            let end = offset + (word == Mark.word ? Mark.size : headSize + Int(word))
            guard end <= entries.count else { return false }
            let entry = UnsafeRawBufferPointer(rebasing: entries[offset..<end])
            guard entry.word32(4) == checksum(of: entry, seed: seed) else { return false }
            offset = end
        }
        return true
    }

    /// Calls `body` with the payload of each entry, marks left out.
    package static func forEach(
        in entries: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    )
        rethrows
    {
        var offset = 0
        while offset < entries.count {
            let word = entries.word32(offset)
            if word == Mark.word {
                offset += Mark.size
                continue
            }
            let start = offset + headSize
            offset = start + Int(word)
            try body(UnsafeRawBufferPointer(rebasing: entries[start..<offset]))
        }
    }
}
