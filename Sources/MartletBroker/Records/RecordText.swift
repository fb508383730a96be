import MartletProtocol

/// Records in words, one JSON object a line, for a person who looks into a journal.
package struct RecordText {
    private var reader: RecordReader
    /// When the records of the entry happened, in Unix milliseconds.
    package let wall: Int

    /// - Parameter entry: its payload.
    package init(entry: UnsafeRawBufferPointer) throws(RecordDefect) {
        reader = RecordReader(entry)
        wall = try reader.number(Int.self)
    }

    /// The next record, without a line feed; nil at the end of the entry.
    package mutating func next() throws(RecordDefect) -> String? {
        guard !reader.isAtEnd else { return nil }
        let kind = try reader.kind()
        var members = "\"record\":\"\(kind)\",\"queue\":"
        if kind == .brokerStated {
            return "{\"record\":\"\(kind)\",\"last_serial\":\(try reader.number(UInt64.self)),"
                + "\"last_queue\":\(try reader.number(UInt32.self))}"
        }
        members += "\(try reader.number(UInt32.self))"
        switch kind {
        case .queueStated: members += try queue()
        case .dropped: break
        case .bound, .unbound: members += ",\"topic\":\(quoted(try reader.bytes()))"
        default: members += ",\"id\":\(try reader.number(Int.self))" + (try rest(of: kind))
        }
        return "{\(members)}"
    }

    private mutating func queue() throws(RecordDefect) -> String {
        let flags = QueueFlags(rawValue: try reader.number(UInt8.self))
        let lastID = try reader.number(Int.self)
        let name = quoted(try reader.bytes())
        var settings = ByteBuffer(capacity: 512)
        settings.append(try reader.settings())
        return ",\"name\":\(name),\"last_id\":\(lastID),\"auto_created\":\(flags.contains(.autoCreated)),"
            + "\"send_paused\":\(flags.contains(.sendIsPaused)),\"receive_paused\":\(flags.contains(.receiveIsPaused)),"
            + "\"settings\":" + text(settings.bytes)
    }

    /// What follows the message that a record is about.
    private mutating func rest(of kind: RecordKind) throws(RecordDefect) -> String {
        switch kind {
        case .sent, .sentAgain: return try sent(hasBody: kind == .sent)
        case .leased:
            let serial = String(try reader.number(UInt64.self), radix: 16)
            return ",\"serial\":\"\(serial)\",\"until\":\(try reader.number(Int.self)),\"keep\":\(try flag())"
        case .extended: return ",\"until\":\(try reader.number(Int.self))"
        case .returned: return ",\"ready_at\":\(try reader.number(Int.self)),\"counts\":\(try flag())"
        case .died:
            try reader.skip(1)
            return text(try reader.bytes())
        case .deadLettered: return try target() + (try cause()) + text(try reader.bytes())
        case .moved: return try target() + ",\"expires_at\":\(try reader.number(Int.self))"
        case .ended: return try ended()
        case .messageStated: return try stated()
        case .dedupStated: return ",\"seen_at\":\(try reader.number(Int.self)),\"dedup\":\(quoted(try reader.bytes()))"
        case .readied, .redriven, .removed, .queueStated, .dropped, .bound, .unbound, .brokerStated: return ""
        }
    }

    private mutating func sent(hasBody: Bool) throws(RecordDefect) -> String {
        var members = ",\"priority\":\(try reader.number(UInt8.self))"
        let flags = SentFlags(rawValue: try reader.number(UInt8.self))
        if flags.contains(.readyAt) { members += ",\"ready_at\":\(try reader.number(Int.self))" }
        if flags.contains(.expiresAt) { members += ",\"expires_at\":\(try reader.number(Int.self))" }
        if flags.contains(.members) { members += text(try reader.bytes()) }
        // The group stands among the members too.
        if flags.contains(.group) { _ = try reader.bytes() }
        if flags.contains(.dedup) { members += ",\"dedup\":\(quoted(try reader.bytes()))" }
        if hasBody { members += ",\"body\":" + String(decoding: try reader.bytes(), as: UTF8.self) }
        return members
    }

    private mutating func target() throws(RecordDefect) -> String {
        ",\"to\":\(try reader.number(UInt32.self)),\"new_id\":\(try reader.number(Int.self))"
    }

    private mutating func cause() throws(RecordDefect) -> String {
        try reader.skip(1)
        return ",\"expires_at\":\(try reader.number(Int.self))"
    }

    private mutating func ended() throws(RecordDefect) -> String {
        var members = ",\"sent_at\":\(try reader.number(Int.self)),\"ended_at\":\(try reader.number(Int.self))"
        let outcome = HistoryRecord.Outcome(code: try reader.number(UInt8.self))?.rawValue ?? "unknown"
        members += ",\"outcome\":\"\(outcome)\",\"attempts\":\(try reader.number(UInt32.self))"
        try reader.skip(8)
        for name in ["producer", "consumer"] {
            let value = try reader.text()
            if !value.isEmpty { members += ",\"\(name)\":\(value)" }
        }
        return members
    }

    private mutating func stated() throws(RecordDefect) -> String {
        // It reads the id itself.
        reader.back(8)
        let message = try StatedMessage(&reader)
        let shown = message.hasEnvelope ? Envelope.shown(payload: message.payload) : (nothing, message.payload)
        let deadline = message.deadline.map { ",\"deadline\":\($0)" } ?? ""
        return ",\"state\":\"\(message.state.name)\",\"sent_at\":\(message.sentAt),\"priority\":\(message.priority),"
            + "\"attempts\":\(message.attempts)" + deadline + text(shown.0) + ",\"body\":"
            + String(decoding: shown.1, as: UTF8.self)
    }

    private var nothing: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

    private mutating func flag() throws(RecordDefect) -> Bool { try reader.number(UInt8.self) != 0 }

    private func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

    private func quoted(_ bytes: UnsafeRawBufferPointer) -> String {
        var buffer = ByteBuffer(capacity: 64)
        buffer.append(quoted: bytes)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }
}

extension Broker {
    /// Calls `body` with a line of JSON for each message: as it would be peeked at, with its queue.
    package func forEachMessage(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        for queue in queues.all.sorted(by: { $0.name < $1.name }) {
            for state in Message.State.allCases {
                for slot in queue.messages(state, atMost: .max, in: store) {
                    let start = outboxes.begin(forLoop: 0)
                    writeMessage(slot, lease: 0, queue: queue, showsState: true)
                    defer { cancelReply(from: start) }
                    try body(reply.bytes(from: start))
                }
            }
        }
    }
}
