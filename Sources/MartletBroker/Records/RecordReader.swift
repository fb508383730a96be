/// Why a record cannot be read although its checksum is right: it was written by another program, or by a defect.
package struct RecordDefect: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Reads the fields of an entry one after the other; never beyond its end.
struct RecordReader {
    private let entry: UnsafeRawBufferPointer
    private var offset = 0

    init(_ entry: UnsafeRawBufferPointer) { self.entry = entry }

    var isAtEnd: Bool { offset == entry.count }

    mutating func kind() throws(RecordDefect) -> RecordKind {
        let byte = try number(UInt8.self)
        guard let kind = RecordKind(rawValue: byte) else { throw RecordDefect("record of unknown kind \(byte)") }
        return kind
    }

    mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type
    ) throws(RecordDefect) -> Number {
        let size = MemoryLayout<Number>.size
        guard entry.count - offset >= size else { throw RecordDefect("a record ends in the middle of a field") }
        defer { offset += size }
        return Number(littleEndian: entry.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    /// Bytes that lie in the entry.
    mutating func bytes() throws(RecordDefect) -> UnsafeRawBufferPointer {
        let count = Int(try number(UInt32.self))
        guard entry.count - offset >= count else { throw RecordDefect("a record ends in the middle of a text") }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: entry[offset..<offset + count])
    }

    mutating func skip(_ count: Int) throws(RecordDefect) {
        guard entry.count - offset >= count else { throw RecordDefect("a record ends in the middle of a field") }
        offset += count
    }

    /// Goes back over fields that were read.
    mutating func back(_ count: Int) {
        precondition(count <= offset, "only what was read is read again")
        offset -= count
    }

    /// Passes over what follows the kind.
    mutating func skipFields(of kind: RecordKind) throws(RecordDefect) {
        switch kind {
        case .sent, .sentAgain: try skipSent(hasBody: kind == .sent)
        case .readied, .redriven, .removed: try skip(12)
        case .leased: try skip(12 + 17)
        case .extended: try skip(12 + 8)
        case .returned: try skip(12 + 9)
        case .moved: try skip(12 + 20)
        case .died, .deadLettered:
            try skip(12 + (kind == .died ? 1 : 21))
            _ = try bytes()
        case .queueStated:
            try skip(13)
            _ = try bytes()
            _ = try settings()
        case .dropped: try skip(4)
        case .bound, .unbound:
            try skip(4)
            _ = try bytes()
        case .ended:
            try skip(12 + 29)
            _ = try (bytes(), bytes())
        case .messageStated:
            try skip(4)
            _ = try StatedMessage(&self)
        case .dedupStated:
            try skip(12 + 8)
            _ = try bytes()
        case .brokerStated: try skip(12)
        }
    }

    private mutating func skipSent(hasBody: Bool) throws(RecordDefect) {
        try skip(13)
        let flags = SentFlags(rawValue: try number(UInt8.self))
        if flags.contains(.readyAt) { try skip(8) }
        if flags.contains(.expiresAt) { try skip(8) }
        for flag in [SentFlags.members, .group, .dedup] where flags.contains(flag) { _ = try bytes() }
        if hasBody { _ = try bytes() }
    }

    mutating func text() throws(RecordDefect) -> String { String(decoding: try bytes(), as: UTF8.self) }
}
