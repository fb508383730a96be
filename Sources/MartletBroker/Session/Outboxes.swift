import MartletProtocol

/// The outboxes of all loops.
///
/// Unsafe memory: `count` initialised outboxes for the whole life of this object; an index is checked where it is
/// chosen, so that the many small writes of a line find their outbox by a pointer alone.
final class Outboxes {
    private let boxes: UnsafeMutablePointer<Outbox>
    let count: Int
    /// The outbox to which the line being written goes.
    private var current: UnsafeMutablePointer<Outbox>
    /// What the line being written must wait for; durability again for the next one.
    var lineAwaits = Outbox.Awaited.durability
    /// Bit n: loop n has output.
    private(set) var withOutput: UInt64 = 0

    init(count: Int) {
        precondition(count > 0 && count <= 64, "there are 1 to 64 loops")
        self.count = count
        boxes = .allocate(capacity: count)
        for index in 0..<count { (boxes + index).initialize(to: Outbox()) }
        current = boxes
    }

    deinit {
        boxes.deinitialize(count: count)
        boxes.deallocate()
    }

    /// The line that is written next goes to this loop. Returns where it begins.
    @inline(__always)
    func begin(forLoop loop: Int) -> Int {
        precondition(loop < count, "a session's loop is one of those there are")
        current = boxes + loop
        return current.pointee.bytes.count
    }

    /// What is written goes here.
    var line: ByteBuffer {
        @inline(__always) _read { yield current.pointee.bytes }
        @inline(__always) _modify { yield &current.pointee.bytes }
    }

    @inline(__always)
    func endRun(ofLoop loop: Int, from start: Int, to connection: UInt64, closes: Bool) {
        precondition(current == boxes + loop, "a line ends where it began")
        current.pointee.endRun(from: start, to: connection, closes: closes, awaits: lineAwaits)
        lineAwaits = .durability
        withOutput |= 1 << UInt64(loop)
    }

    func swap(ofLoop loop: Int, with outbox: inout Outbox) {
        precondition(loop < count, "there is an outbox for every loop")
        boxes[loop].finish()
        Swift.swap(&boxes[loop], &outbox)
        withOutput &= ~(1 << UInt64(loop))
    }
}
