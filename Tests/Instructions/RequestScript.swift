import MartletBroker
import MartletProtocol

/// A connection that sends, receives and deletes `depth` messages of 100 bytes, each in one batch, as an I/O loop hands
/// them to the core: as many lines, or all of them in one.
final class RequestScript {
    static let depth = 64

    /// So that no compiler leaves out the work.
    private(set) var replyBytes = 0
    private let broker: Broker
    private let session: SessionID
    private let batch = RequestBatch()
    private var outbox = Outbox()
    private var now = Now(wall: 1_700_000_000_000, monotonic: 1000)
    private let sends: Lines
    private let receives: Lines
    private let deletes = LineWriter()
    private let batchSend: Lines
    private let batchReceive: Lines
    private let batchDelete = LineWriter()
    private var identifier = 0

    init() {
        broker = Broker(settings: BrokerSettings(), loops: 1, incarnation: 1_700_000_000_000, now: now)
        session = broker.openSession(loop: 0, connection: 1, now: now)
        let message = "\"body\":\"\(String(repeating: "x", count: 100))\""
        let messages = [String](repeating: "{\(message)}", count: Self.depth).joined(separator: ",")
        sends = Lines([String](repeating: "{\"op\":\"send\",\"queue\":\"jobs\",\(message)}", count: Self.depth))
        receives = Lines([String](repeating: "{\"op\":\"receive\",\"queue\":\"jobs\"}", count: Self.depth))
        batchSend = Lines(["{\"op\":\"send\",\"queue\":\"jobs\",\"messages\":[\(messages)]}"])
        batchReceive = Lines(["{\"op\":\"receive\",\"queue\":\"jobs\",\"max\":\(Self.depth)}"])
    }

    /// Writes the lines that delete the messages sent next, which is not to be measured.
    func prepare() {
        deletes.removeAll()
        batchDelete.removeAll()
        batchDelete.append("{\"op\":\"delete\",\"queue\":\"jobs\",\"ids\":[")
        for index in 0..<Self.depth {
            identifier += 1
            deletes.append("{\"op\":\"delete\",\"queue\":\"jobs\",\"id\":")
            deletes.append(identifier)
            deletes.append("}")
            deletes.endLine()
            if index > 0 { batchDelete.append(",") }
            batchDelete.append(identifier)
        }
        batchDelete.append("]}")
        batchDelete.endLine()
        now.wall += 1
        now.monotonic += 1
    }

    func send() { turn(sends.all) }
    func receive() { turn(receives.all) }
    func delete() { turn(deletes.lines) }

    func sendBatch() { turn(batchSend.all) }
    func receiveBatch() { turn(batchReceive.all) }
    func deleteBatch() { turn(batchDelete.lines) }

    /// What a loop does in a turn, between reading and writing.
    private func turn(_ lines: [UnsafeRawBufferPointer]) {
        batch.removeAll()
        for line in lines { batch.parse(line, limits: broker.settings.limits) }
        broker.advance(to: now)
        _ = broker.handle(batch, lines: 0..<batch.count, from: session, now: now)
        broker.swapOutbox(ofLoop: 0, with: &outbox)
        let count = outbox.bytes.count
        broker.wrote(count, to: session, now: now)
        outbox.removeAll()
        replyBytes += count
    }
}

/// Lines in memory of their own. A batch refers to its lines, so they stay where they are.
private final class Lines {
    let all: [UnsafeRawBufferPointer]
    private let memory: UnsafeMutableRawBufferPointer

    init(_ texts: [String]) {
        let bytes = texts.flatMap { Array($0.utf8) }
        memory = .allocate(byteCount: bytes.count, alignment: 16)
        memory.copyBytes(from: bytes)
        var start = 0
        all = texts.map { [memory] text in
            defer { start += text.utf8.count }
            return UnsafeRawBufferPointer(rebasing: memory[start..<start + text.utf8.count])
        }
    }

    deinit { memory.deallocate() }
}

/// Lines written anew for each turn, into the same memory: it allocates nothing once warm.
private final class LineWriter {
    private(set) var lines: [UnsafeRawBufferPointer] = []
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    private var start = 0
    private var end = 0

    init() { lines.reserveCapacity(RequestScript.depth) }
    deinit { memory.deallocate() }

    func removeAll() {
        lines.removeAll(keepingCapacity: true)
        (start, end) = (0, 0)
    }

    func append(_ text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount { append(text.utf8Start[index]) }
    }

    func append(_ number: Int) {
        if number >= 10 { append(number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    func endLine() {
        lines.append(UnsafeRawBufferPointer(rebasing: memory[start..<end]))
        start = end
    }

    private func append(_ byte: UInt8) {
        memory[end] = byte
        end += 1
    }
}
