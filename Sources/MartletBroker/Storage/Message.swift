/// Where a message's record is, found once for a function that touches it often; good until the message is removed.
typealias MessageRecord = UnsafeMutablePointer<Message>

/// What the broker keeps of one message besides its payload: flat, small, linked by slot numbers.
///
/// A million of these are 56 MB, so every field is as narrow as its meaning allows.
struct Message: BitwiseCopyable {
    enum State: UInt8, BitwiseCopyable, CaseIterable {
        case ready, delayed, leased, dead
    }

    /// In which part of a line a message stands: see `MessageLine`.
    enum Standing: UInt8, BitwiseCopyable {
        case none, list, heap
    }

    /// 1, 2, 3, … within its queue.
    let id: Int
    /// Unix milliseconds.
    let sentAt: Int
    var payload: SegmentStore.Place
    /// The number of its queue in the broker's table.
    var queue: UInt32
    /// Neighbours in one list: of a line, or of its queue's delayed, leased or dead messages.
    var previous: UInt32 = 0
    var next: UInt32 = 0
    /// Its place in a line's heap, or the slot of its lease: a message has at most one of them.
    var place: UInt32 = 0
    /// Its handle among the deadlines; 0 if it waits for no time.
    var timer: UInt32 = 0
    /// Deliveries that count, the running one included.
    var attempts: UInt32 = 0
    /// The slot of its group in its queue; 0 if it has none.
    var group: UInt32 = 0
    /// The lowest bits of its segment's tag; three more are among the bits.
    private var segmentLow: UInt16
    let priority: UInt8
    private var bits: UInt8

    init(
        id: Int,
        sentAt: Int,
        payload: SegmentStore.Place,
        queue: UInt32,
        priority: UInt8,
        hasEnvelope: Bool,
        segment: SegmentTag
    ) {
        self.id = id
        self.sentAt = sentAt
        self.payload = payload
        self.queue = queue
        self.priority = priority
        segmentLow = 0
        bits = hasEnvelope ? Self.envelopeBit : 0
        self.segment = segment
    }

    // Four fields in one byte: a message's record is as large as it was before it knew its segment.
    private static let stateBits: UInt8 = 0b11
    private static let standingShift: UInt8 = 2
    private static let standingBits: UInt8 = 0b1100
    private static let envelopeBit: UInt8 = 0b1_0000
    private static let segmentShift: UInt8 = 5
    private static let segmentBits: UInt8 = 0b1110_0000

    var state: State {
        // Safe because two bits are four states.
        get { State(rawValue: bits & Self.stateBits).unsafelyUnwrapped }
        set { bits = bits & ~Self.stateBits | newValue.rawValue }
    }

    var standing: Standing {
        // Safe because only the setter writes these bits.
        get { Standing(rawValue: (bits & Self.standingBits) >> Self.standingShift).unsafelyUnwrapped }
        set { bits = bits & ~Self.standingBits | newValue.rawValue << Self.standingShift }
    }

    /// The journal segment from which on it can be recovered.
    var segment: SegmentTag {
        get { SegmentTag(UInt32(segmentLow) | UInt32(bits >> Self.segmentShift) << 16) }
        set {
            segmentLow = UInt16(truncatingIfNeeded: newValue.number)
            bits = bits & ~Self.segmentBits | UInt8(newValue.number >> 16) << Self.segmentShift
        }
    }

    /// Whether an envelope stands before the body in the payload.
    var hasEnvelope: Bool {
        get { bits & Self.envelopeBit != 0 }
        set { bits = newValue ? bits | Self.envelopeBit : bits & ~Self.envelopeBit }
    }
}
