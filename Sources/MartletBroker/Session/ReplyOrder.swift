/// Keeps a connection's replies in the order of its requests while some of its receives wait.
///
/// Requests behind a waiting receive are carried out at once; only their replies wait. So a connection may ask for a
/// message and then send it, and both replies come, in order. As long as nothing waits, this is empty and costs
/// nothing.
///
/// Invariant: the first slot, if there is one, is unanswered.
struct ReplyOrder {
    private enum Slot {
        case unanswered
        case answered([UInt8])
    }

    private var slots: [Slot] = []
    private var first = 0
    /// The number of the first slot.
    private var firstNumber = 0
    private(set) var heldBytes = 0

    var isEmpty: Bool { first == slots.count }
    /// Replies that wait, and those they wait for.
    var count: Int { slots.count - first }

    /// A place for a reply that comes later; `answer` takes the number.
    mutating func appendUnanswered() -> Int {
        slots.append(.unanswered)
        return firstNumber + count - 1
    }

    /// Holds back a reply behind those that are not there yet.
    mutating func append(_ reply: UnsafeRawBufferPointer) {
        slots.append(.answered(Array(reply)))
        heldBytes += reply.count
    }

    /// Whether the reply for a number can leave at once, because nothing else waits; its place is then gone.
    mutating func answerAlone() -> Bool {
        guard count == 1 else { return false }
        first += 1
        firstNumber += 1
        trim()
        return true
    }

    /// The reply for a number has come. Returns the replies that may leave now, in order.
    mutating func answer(_ number: Int, _ reply: UnsafeRawBufferPointer) -> [[UInt8]] {
        slots[first + number - firstNumber] = .answered(Array(reply))
        heldBytes += reply.count
        var leaving: [[UInt8]] = []
        while first < slots.count, case .answered(let bytes) = slots[first] {
            leaving.append(bytes)
            heldBytes -= bytes.count
            first += 1
            firstNumber += 1
        }
        trim()
        return leaving
    }

    private mutating func trim() {
        if first == slots.count {
            slots.removeAll(keepingCapacity: slots.capacity <= 16)
            first = 0
        } else if first > 64, first * 2 > slots.count {
            slots.removeFirst(first)
            first = 0
        }
    }
}
