import MartletProtocol

/// A message as a `messageStated` record has it: all that there is to know of it.
struct StatedMessage {
    let id: Int
    let sentAt: Int
    let priority: UInt8
    let state: Message.State
    let attempts: UInt32
    /// By the wall clock: when its lease ends, its delay is over, or it expires; nil for never.
    let deadline: Int?
    let lease: (serial: UInt64, keep: Bool)?
    let group: String?
    let hasEnvelope: Bool
    let payload: UnsafeRawBufferPointer

    /// Reads what follows the queue's number.
    init(_ reader: inout RecordReader) throws(RecordDefect) {
        id = try reader.number(Int.self)
        sentAt = try reader.number(Int.self)
        priority = try reader.number(UInt8.self)
        let code = try reader.number(UInt8.self)
        let flags = StatedFlags(rawValue: try reader.number(UInt8.self))
        attempts = try reader.number(UInt32.self)
        deadline = flags.contains(.deadline) ? try reader.number(Int.self) : nil
        if flags.contains(.lease) {
            let serial = try reader.number(UInt64.self)
            lease = (serial, try reader.number(UInt8.self) != 0)
        } else {
            lease = nil
        }
        group = flags.contains(.group) ? try reader.text() : nil
        hasEnvelope = flags.contains(.envelope)
        payload = try reader.bytes()
        guard let state = Message.State(rawValue: code), priority < 10, id > 0,
            (state == .leased) == (lease != nil), state != .leased || deadline != nil
        else { throw RecordDefect("message \(id) is stated in a state that does not exist") }
        self.state = state
    }
}

extension Broker {
    /// States a message as it is, so that the records that have made it so are not needed any more.
    func state(_ slot: UInt32, in queue: Queue) {
        let message = store[slot]
        let lease = message.state == .leased ? leases[message.place] : nil
        var flags: StatedFlags = []
        if message.hasEnvelope { flags.insert(.envelope) }
        if message.group != 0 { flags.insert(.group) }
        if lease != nil { flags.insert(.lease) }
        if message.timer != 0 { flags.insert(.deadline) }
        mention(queue)
        recorder.put(.messageStated, queue: queue.number, id: message.id)
        recorder.put(message.sentAt)
        recorder.put(message.priority)
        recorder.put(message.state.rawValue)
        recorder.put(flags.rawValue)
        recorder.put(message.attempts)
        if message.timer != 0 { recorder.put(wall(deadlines.deadline(of: message.timer))) }
        if let lease {
            recorder.put(lease.serial)
            recorder.put(lease.keep ? 1 : 0 as UInt8)
        }
        if message.group != 0 { recorder.put(text: queue.groups[message.group].name) }
        recorder.put(store.payload(of: slot))
        segments.remove(message.segment)
        segments.add()
        store[slot].segment = segments.tag
    }

    /// Takes a message out, as if it had never been read.
    func withdraw(_ slot: UInt32, from queue: Queue) {
        remove(slot, from: queue, .dropped, by: 0)
    }

    /// Puts a message in as it was stated.
    func place(_ stated: StatedMessage, in queue: Queue) {
        segments.add()
        let slot = store.insert(
            id: stated.id,
            sentAt: stated.sentAt,
            queue: queue.index,
            priority: stated.priority,
            segment: segments.tag,
            payload: stated.payload,
            hasEnvelope: stated.hasEnvelope
        )
        store[slot].attempts = stated.attempts
        if let group = stated.group { store[slot].group = group.withBytes { queue.groups.number(of: $0) } }
        queue.add(slot, store.records.place(slot), in: store)
        switch stated.state {
        case .ready: placeWaiting(slot, in: queue, readyAt: 0)
        // Its deadline is the end of its delay, or before that the instant at which it expires.
        case .delayed: placeWaiting(slot, in: queue, readyAt: stated.deadline ?? 0)
        case .dead: queue.place(slot, .dead, in: store)
        case .leased:
            guard let lease = stated.lease, let until = stated.deadline else { return }
            store[slot].place = leases.insert(
                Lease(serial: lease.serial, message: slot, session: 0, consumer: 0, keep: lease.keep)
            )
            lastSerial = max(lastSerial, lease.serial)
            queue.place(slot, .leased, in: store)
            setDeadline(of: slot, until)
        }
    }
}
