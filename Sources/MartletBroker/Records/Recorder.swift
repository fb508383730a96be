import MartletProtocol

/// Writes records into entries, for the journal to take at the end of a turn.
///
///     recorder.begin(at: now)
///     recorder.put(.readied, queue: queue, id: id)
///     recorder.end()
///
/// Writing costs a few stores and the copy of a body; without a journal (`isOn` is false) nobody calls it.
// What every message's records call is always inlined: it is a few stores, which a call would double.
struct Recorder: ~Copyable {
    /// Whether there is a journal.
    var isOn = false
    /// Entries that the journal has not taken, back to back.
    private(set) var buffer = ByteBuffer(capacity: 0)
    /// Whether they hold anything that a reply promises. A lease is no promise: when it is lost, the message is there.
    private(set) var promises = false
    /// The wall time of the entry recorded last.
    private(set) var lastWall = 0
    private var start = 0
    private var wall = 0
    /// A change that brings about others is recorded as one entry with them.
    private var depth = 0
    /// The body of the message sent last in this entry: a publish to many queues records it once.
    private var lastBody = UnsafeRawBufferPointer(start: nil, count: 0)

    private static let headerSize = 8

    @inline(__always)
    mutating func begin(at now: Now) {
        depth += 1
        guard depth == 1 else { return }
        start = buffer.count
        wall = now.wall
        let place = buffer.reserve(Self.headerSize + 8)
        place.storeBytes(of: 0, as: UInt64.self)
        place.storeBytes(of: now.wall.littleEndian, toByteOffset: Self.headerSize, as: Int.self)
        buffer.advance(by: Self.headerSize + 8)
    }

    /// Ends the entry; one in which nothing was recorded is none.
    @inline(__always)
    mutating func end() {
        depth -= 1
        guard depth == 0 else { return }
        let length = buffer.count - start - Self.headerSize
        lastBody = UnsafeRawBufferPointer(start: nil, count: 0)
        guard length > 8 else { return buffer.truncate(to: start) }
        buffer.replace(at: start, with: UInt32(length))
        lastWall = wall
    }

    mutating func removeAll() {
        buffer.truncate(to: 0, keepingCapacity: 1 << 20)
        promises = false
    }

    /// Whether the body is that of the message recorded before in this entry.
    mutating func repeats(_ body: UnsafeRawBufferPointer) -> Bool {
        defer { lastBody = body }
        return body.baseAddress == lastBody.baseAddress && body.count == lastBody.count && body.count > 0
    }

    // MARK: Fields

    mutating func put(_ kind: RecordKind) {
        buffer.append(kind.rawValue)
        if kind != .leased { promises = true }
    }

    /// A record about a message.
    @inline(__always)
    mutating func put(_ kind: RecordKind, queue: UInt32, id: Int) {
        if kind != .leased { promises = true }
        let place = buffer.reserve(13)
        place.storeBytes(of: kind.rawValue, as: UInt8.self)
        place.storeBytes(of: queue.littleEndian, toByteOffset: 1, as: UInt32.self)
        place.storeBytes(of: id.littleEndian, toByteOffset: 5, as: Int.self)
        buffer.advance(by: 13)
    }

    @inline(__always)
    mutating func put<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number) {
        buffer.reserve(MemoryLayout<Number>.size).storeBytes(of: number.littleEndian, as: Number.self)
        buffer.advance(by: MemoryLayout<Number>.size)
    }

    mutating func put(_ bytes: UnsafeRawBufferPointer) {
        put(UInt32(bytes.count))
        buffer.append(bytes)
    }

    mutating func put(text: String) {
        var text = text
        text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
    }
}
