import MartletBroker
import MartletProtocol

/// A connection that sends, receives and deletes `depth` messages of 100 bytes, each in one batch, as an I/O loop hands
/// them to the core. Its lines are made beforehand, so that it allocates nothing between them.
final class RequestScript {
    static let depth = 64

    /// So that no compiler leaves out the work.
    private(set) var replyBytes = 0
    private let broker: Broker
    private let session: SessionID
    private let batch = RequestBatch()
    private var outbox = Outbox()
    private var now = Now(wall: 1_700_000_000_000, monotonic: 1000)
    private let sendLine: [UInt8]
    private let receiveLine: [UInt8]
    private let deletePrefix: [UInt8]
    /// Room for one delete line of each message. A batch refers to its lines, so they stay where they are.
    private let deleteLines = UnsafeMutableRawBufferPointer.allocate(byteCount: depth * room, alignment: 16)
    private var identifier = 0

    private static let room = 128

    init() {
        broker = Broker(settings: BrokerSettings(), loops: 1, incarnation: 1_700_000_000_000, now: now)
        session = broker.openSession(loop: 0, connection: 1, now: now)
        let body = String(repeating: "x", count: 100)
        sendLine = Array("{\"op\":\"send\",\"queue\":\"jobs\",\"body\":\"\(body)\"}".utf8)
        receiveLine = Array("{\"op\":\"receive\",\"queue\":\"jobs\"}".utf8)
        deletePrefix = Array("{\"op\":\"delete\",\"queue\":\"jobs\",\"id\":".utf8)
        deleteLines.copyBytes(from: deletePrefix)
    }

    deinit { deleteLines.deallocate() }

    func send() { sendLine.withUnsafeBytes { line in turn { _ in line } } }

    func receive() { receiveLine.withUnsafeBytes { line in turn { _ in line } } }

    func delete() {
        turn { index in
            identifier += 1
            return deleteLine(index, identifier)
        }
        now.wall += 1
        now.monotonic += 1
    }

    /// What a loop does in a turn, between reading and writing.
    private func turn(_ line: (Int) -> UnsafeRawBufferPointer) {
        batch.removeAll()
        for index in 0..<Self.depth { batch.parse(line(index), limits: broker.settings.limits) }
        broker.advance(to: now)
        _ = broker.handle(batch, lines: 0..<batch.count, from: session, now: now)
        broker.swapOutbox(ofLoop: 0, with: &outbox)
        let count = outbox.bytes.count
        broker.wrote(count, to: session, now: now)
        outbox.removeAll()
        replyBytes += count
    }

    private func deleteLine(_ index: Int, _ identifier: Int) -> UnsafeRawBufferPointer {
        let line = UnsafeMutableRawBufferPointer(rebasing: deleteLines[index * Self.room..<(index + 1) * Self.room])
        line.copyBytes(from: deletePrefix)
        var digits = 1
        var limit = 10
        while identifier >= limit {
            digits += 1
            limit *= 10
        }
        var rest = identifier
        let end = deletePrefix.count + digits
        for place in (deletePrefix.count..<end).reversed() {
            line[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        line[end] = UInt8(ascii: "}")
        return UnsafeRawBufferPointer(rebasing: line[...end])
    }
}
