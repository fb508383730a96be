/// A source of segments in which damage of the disk is damage of the bytes: what cannot be read counts as zeros, what
/// cannot be opened as an empty file, and both are noted. What may not be read, for want of a right, is an error.
final class LenientSource: SegmentSource {
    /// Bytes of a file that cannot be read; none if the file cannot be opened.
    struct Hole: Equatable {
        var bytes: Range<UInt64>
        let reason: String

        var description: String {
            bytes.isEmpty ? "it cannot be opened: \(reason)" : "\(bytes.count) bytes cannot be read: \(reason)"
        }
    }

    /// The unit in which is read where not all can be.
    private static let pieceSize: UInt64 = 4096
    /// Stands for each file that cannot be opened.
    private static let nothing = DiskFile(number: -1)

    private let source: any SegmentSource
    /// Of the files that are open.
    private var openNames: [DiskFile: String] = [:]
    private var holes: [String: [Hole]] = [:]

    init(_ source: any SegmentSource) { self.source = source }

    /// What was found unreadable of a file so far, in order.
    func holes(in name: String) -> [Hole] { holes[name] ?? [] }

    func names() throws(DiskError) -> [String] { try source.names() }

    func open(_ name: String) throws(DiskError) -> DiskFile {
        do throws(DiskError) {
            let file = try source.open(name)
            openNames[file] = name
            return file
        } catch {
            guard error.kind == .broken else { throw error }
            holes[name] = [Hole(bytes: 0..<0, reason: error.reason)]
            return Self.nothing
        }
    }

    func close(_ file: DiskFile) {
        guard file != Self.nothing else { return }
        openNames[file] = nil
        source.close(file)
    }

    func size(of file: DiskFile) throws(DiskError) -> UInt64 {
        file == Self.nothing ? 0 : try source.size(of: file)
    }

    func read(_ file: DiskFile, at offset: UInt64, into bytes: UnsafeMutableRawBufferPointer) throws(DiskError) -> Int {
        if file == Self.nothing { return 0 }
        let name = openNames[file] ?? ""
        // A disk takes its time over each place that it cannot read: none is read again.
        if !isKnown(offset..<(offset + UInt64(bytes.count)), in: name) {
            do throws(DiskError) {
                return try source.read(file, at: offset, into: bytes)
            } catch  where error.kind == .broken {}
        }
        return try readInPieces(file, name, at: offset, into: bytes)
    }

    private func readInPieces(
        _ file: DiskFile,
        _ name: String,
        at offset: UInt64,
        into bytes: UnsafeMutableRawBufferPointer
    ) throws(DiskError) -> Int {
        let end = min(offset + UInt64(bytes.count), try source.size(of: file))
        var place = offset
        while place < end {
            let pieceEnd = min(end, (place / Self.pieceSize + 1) * Self.pieceSize)
            let piece = UnsafeMutableRawBufferPointer(rebasing: bytes[Int(place - offset)..<Int(pieceEnd - offset)])
            let read = try readPiece(file, name, at: place, into: piece)
            if read == 0 { break }
            place += UInt64(read)
        }
        return Int(place - offset)
    }

    private func readPiece(
        _ file: DiskFile,
        _ name: String,
        at offset: UInt64,
        into piece: UnsafeMutableRawBufferPointer
    ) throws(DiskError) -> Int {
        let range = offset..<(offset + UInt64(piece.count))
        if !isKnown(range, in: name) {
            do throws(DiskError) {
                return try source.read(file, at: offset, into: piece)
            } catch {
                guard error.kind == .broken else { throw error }
                note(try wholePiece(around: offset, of: file), error.reason, in: name)
            }
        }
        piece.initializeMemory(as: UInt8.self, repeating: 0)
        return piece.count
    }

    /// All of a piece is lost when some of it cannot be read.
    private func wholePiece(around offset: UInt64, of file: DiskFile) throws(DiskError) -> Range<UInt64> {
        let start = offset / Self.pieceSize * Self.pieceSize
        return start..<min(start + Self.pieceSize, try source.size(of: file))
    }

    private func isKnown(_ range: Range<UInt64>, in name: String) -> Bool {
        holes(in: name).contains { $0.bytes.overlaps(range) }
    }

    private func note(_ range: Range<UInt64>, _ reason: String, in name: String) {
        var known = holes(in: name)
        if let last = known.lastIndex(where: { $0.bytes.upperBound == range.lowerBound && !$0.bytes.isEmpty }) {
            known[last].bytes = known[last].bytes.lowerBound..<range.upperBound
        } else {
            known.append(Hole(bytes: range, reason: reason))
        }
        holes[name] = known.sorted { $0.bytes.lowerBound < $1.bytes.lowerBound }
    }
}
