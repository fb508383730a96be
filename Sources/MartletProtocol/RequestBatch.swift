/// The requests of one turn of an I/O loop, parsed and waiting for the broker.
///
/// A loop parses all complete lines that its connections have sent into one batch, enters the broker once, and empties
/// the batch. Requests are kept flat in three growing arrays that are reused, so that once warm a request costs no
/// allocation. A batch does not copy what it need not: names and bodies are slices of the lines.
///
///     batch.removeAll()
///     batch.parse(line, limits)          // RequestParser: appends exactly one entry
///     for entry in 0..<batch.count { broker.handle(batch, entry, …) }
///
/// Invariant: the bytes of every parsed line stay where they are until `removeAll()`; the slices point into them.
package final class RequestBatch {
    /// One member of a request: where its value stands, and the value itself where it is a number.
    package struct Value: BitwiseCopyable {
        /// The text of the value in the line as it came: with quotes if it is a string.
        var raw: UnsafeRawBufferPointer
        /// Decoded text of a string.
        var text = UnsafeRawBufferPointer(start: nil, count: 0)
        /// An integer, milliseconds, 0 or 1 for a boolean, the index of a choice, a Double's bit pattern, or an
        /// array's first element (in `elements`, or in `headers` for requests).
        var number = 0
        /// An array's length.
        var count = 0
    }

    /// A request without its values: those of the fields in `fields` stand from `firstValue` on, in the fields' order.
    package struct Header: BitwiseCopyable {
        var operation: Operation
        var fields: UInt64 = 0
        var firstValue: Int
        var tag = UnsafeRawBufferPointer(start: nil, count: 0)
        /// The next request of the same `messages` or `requests` array; -1 at the end.
        var next: Int = -1
    }

    /// What one line came to.
    package enum Entry {
        case request(Request)
        /// The line is no request; `tag` is echoed if it could be read.
        case failure(Failure, tag: UnsafeRawBufferPointer, closes: Bool)
    }

    /// A line's place: the index of its header, or of its failure below zero.
    var lines: [Int] = []
    var headers: [Header] = []
    var values: [Value] = []
    /// Elements of `ids`, `queues` and `receipts` arrays.
    var elements: [Value] = []
    var failures: [(failure: Failure, tag: UnsafeRawBufferPointer, closes: Bool)] = []
    /// Text that had to be decoded (escapes), and bodies made from console words. Blocks never move.
    var decoded = DecodedText()

    package init() {}

    /// The lines parsed since the last `removeAll()`.
    package var count: Int { lines.count }

    package subscript(line: Int) -> Entry {
        let place = lines[line]
        if place >= 0 { return .request(Request(batch: self, index: place)) }
        let failed = failures[-place - 1]
        return .failure(failed.failure, tag: failed.tag, closes: failed.closes)
    }

    package func removeAll() {
        lines.removeAll(keepingCapacity: true)
        headers.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        elements.removeAll(keepingCapacity: true)
        if !failures.isEmpty { failures.removeAll() }
        decoded.removeAll()
    }
}
