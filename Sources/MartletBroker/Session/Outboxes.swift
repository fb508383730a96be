/// The outboxes of all loops.
///
/// Unsafe memory: `count` initialised outboxes for the whole life of this object; an index is checked.
final class Outboxes {
    private let boxes: UnsafeMutablePointer<Outbox>
    let count: Int
    /// The loop to which the line being written goes.
    var current = 0
    /// Bit n: loop n has output.
    private(set) var withOutput: UInt64 = 0

    init(count: Int) {
        precondition(count > 0 && count <= 64, "there are 1 to 64 loops")
        self.count = count
        boxes = .allocate(capacity: count)
        for index in 0..<count { (boxes + index).initialize(to: Outbox()) }
    }

    deinit {
        boxes.deinitialize(count: count)
        boxes.deallocate()
    }

    subscript(loop: Int) -> Outbox {
        _read {
            precondition(loop < count)
            yield boxes[loop]
        }
        _modify {
            precondition(loop < count)
            yield &boxes[loop]
        }
    }

    func endRun(ofLoop loop: Int, from start: Int, to connection: UInt64, closes: Bool) {
        self[loop].endRun(from: start, to: connection, closes: closes)
        withOutput |= 1 << UInt64(loop)
    }

    func swap(ofLoop loop: Int, with outbox: inout Outbox) {
        self[loop].finish()
        Swift.swap(&self[loop], &outbox)
        withOutput &= ~(1 << UInt64(loop))
    }
}
