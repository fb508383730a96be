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

    mutating func text() throws(RecordDefect) -> String { String(decoding: try bytes(), as: UTF8.self) }
}
