import MartletProtocol

/// All messages of all queues: their records and their payloads.
///
/// Unsafe memory: `segments` is initialised as long as the store lives.
struct MessageStore: ~Copyable {
    /// Bytes that a message takes besides its payload: its record, its payload's header, its place in the id index.
    static let overhead = MemoryLayout<Message>.stride + 8 + 4

    let records = Slab<Message>()
    /// Behind a pointer, so that a store is lent to a function in two registers: as a struct of its own size it is
    /// copied.
    private let segments: UnsafeMutablePointer<SegmentStore>

    init() {
        segments = .allocate(capacity: 1)
        segments.initialize(to: SegmentStore())
    }

    deinit {
        segments.deinitialize(count: 1)
        segments.deallocate()
    }

    private(set) var payloads: SegmentStore {
        unsafeAddress { UnsafePointer(segments) }
        nonmutating unsafeMutableAddress { segments }
    }

    /// What the messages take, whatever the allocator makes of it; this is what the memory limit counts.
    var liveBytes: Int { payloads.liveBytes + records.count * (Self.overhead - 8) }
    var allocatedBytes: Int { payloads.allocatedBytes + records.allocatedBytes }

    subscript(slot: UInt32) -> Message {
        unsafeAddress { UnsafePointer(records.place(slot)) }
        nonmutating unsafeMutableAddress { records.place(slot) }
    }

    @inline(__always)
    func payload(of slot: UInt32) -> UnsafeRawBufferPointer { payload(of: records.place(slot)) }

    @inline(__always)
    func payload(of message: MessageRecord) -> UnsafeRawBufferPointer { payloads.payload(at: message.pointee.payload) }

    /// The members that a delivery shows besides those of the record, and the body.
    @inline(__always)
    func shown(of slot: UInt32) -> (members: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer) {
        let payload = payload(of: slot)
        guard records[slot].hasEnvelope else { return (UnsafeRawBufferPointer(start: nil, count: 0), payload) }
        return Envelope.shown(payload: payload)
    }

    func envelope(of slot: UInt32) -> Envelope {
        records[slot].hasEnvelope ? Envelope(payload: payload(of: slot)) : Envelope()
    }

    /// Unix milliseconds; 0 for never.
    @inline(__always)
    func expiresAt(of slot: UInt32) -> Int {
        records[slot].hasEnvelope ? Envelope.expiresAt(payload: payload(of: slot)) : 0
    }

    /// A message that is nothing but a body: most are.
    func insert(
        id: Int,
        sentAt: Int,
        queue: UInt32,
        priority: UInt8,
        segment: SegmentTag,
        body: UnsafeRawBufferPointer
    ) -> UInt32 {
        insert(
            id: id,
            sentAt: sentAt,
            queue: queue,
            priority: priority,
            segment: segment,
            payload: body,
            hasEnvelope: false
        )
    }

    /// A message whose payload is there as a whole, with or without an envelope before its body.
    func insert(
        id: Int,
        sentAt: Int,
        queue: UInt32,
        priority: UInt8,
        segment: SegmentTag,
        payload: UnsafeRawBufferPointer,
        hasEnvelope: Bool
    ) -> UInt32 {
        let slot = records.insert(
            Message(
                id: id,
                sentAt: sentAt,
                payload: Self.nowhere,
                queue: queue,
                priority: priority,
                hasEnvelope: hasEnvelope,
                segment: segment
            )
        )
        let (place, pointer) = payloads.append(payload.count, of: slot)
        UnsafeMutableRawBufferPointer(start: pointer, count: payload.count).copyMemory(from: payload)
        records[slot].payload = place
        return slot
    }

    func insert(
        id: Int,
        sentAt: Int,
        queue: UInt32,
        priority: UInt8,
        segment: SegmentTag,
        envelope: Envelope,
        body: UnsafeRawBufferPointer
    ) -> UInt32 {
        let slot = records.insert(
            Message(
                id: id,
                sentAt: sentAt,
                payload: Self.nowhere,
                queue: queue,
                priority: priority,
                hasEnvelope: !envelope.isEmpty,
                segment: segment
            )
        )
        records[slot].payload = write(envelope, body, of: slot)
        return slot
    }

    /// Gives a message another envelope; its body stays as it is.
    func replaceEnvelope(of slot: UInt32, with envelope: Envelope) {
        let old = records[slot].payload
        let place = write(envelope, shown(of: slot).body, of: slot)
        records[slot].payload = place
        records[slot].hasEnvelope = !envelope.isEmpty
        payloads.remove(old)
    }

    @inline(__always)
    func remove(_ slot: UInt32, _ message: MessageRecord) {
        payloads.remove(message.pointee.payload)
        message.pointee.payload = Self.nowhere
        records.remove(slot)
    }

    private func write(
        _ envelope: Envelope,
        _ body: UnsafeRawBufferPointer,
        of slot: UInt32
    ) -> SegmentStore.Place {
        let envelopeSize = envelope.size
        let (place, pointer) = payloads.append(envelopeSize + body.count, of: slot)
        envelope.write(to: pointer)
        UnsafeMutableRawBufferPointer(start: pointer + envelopeSize, count: body.count).copyMemory(from: body)
        return place
    }

    /// Whether there is a message at the slot.
    func isLive(_ slot: UInt32) -> Bool { records.hasBeenUsed(slot) && records[slot].payload != Self.nowhere }

    /// Where the payload of a record that is gone is.
    private static let nowhere = SegmentStore.Place(segment: .max, offset: .max)

    /// Copies some payloads together where most of the memory is held by payloads that are gone: at most 64 KiB of
    /// them, or a look at a thousand.
    func compact() {
        var bytes = 64 << 10
        var looks = 1_000
        while bytes > 0, looks > 0, let (slot, place) = payloads.nextToCompact() {
            looks -= 1
            // A record that is gone is nowhere, and one that took its slot lives elsewhere.
            guard records.hasBeenUsed(slot), records[slot].payload == place else { continue }
            bytes -= payloads.payload(at: place).count
            records[slot].payload = payloads.relocate(place, of: slot)
        }
    }
}
