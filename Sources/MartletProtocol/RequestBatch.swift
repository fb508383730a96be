/// The requests of one turn of an I/O loop, parsed and waiting for the broker.
///
/// A loop parses all complete lines that its connections have sent into one batch, enters the broker once, and empties
/// the batch. Requests are kept flat in growing arrays that are reused, so that once warm a request costs no
/// allocation. A batch does not copy what it need not: names and bodies are slices of the lines.
///
///     batch.removeAll()
///     batch.parse(line, limits: limits)  // appends exactly one entry
///     for entry in 0..<batch.count { broker.handle(batch, entry, …) }
///
/// A batch belongs to one thread at a time.
///
/// Invariant: the bytes of every parsed line stay where they are until `removeAll()`; the slices point into them.
public final class RequestBatch {
    /// One member of a request: where its value stands, and the value itself where it is a number.
    public struct Value: BitwiseCopyable {
        /// The text of the value in the line as it came: with quotes if it is a string.
        @usableFromInline var raw: UnsafeRawBufferPointer
        /// Decoded text of a string.
        @usableFromInline var text = UnsafeRawBufferPointer(start: nil, count: 0)
        /// An integer, milliseconds, 0 or 1 for a boolean, the index of a choice, a Double's bit pattern, or an
        /// array's first element (in `integers` or `texts`, or in `headers` for requests).
        @usableFromInline var number = 0
        /// An array's length.
        @usableFromInline var count = 0
    }

    /// A request without its values: those of the fields in `fields` stand from `firstValue` on, in the fields' order.
    @usableFromInline
    struct Header: BitwiseCopyable {
        @usableFromInline var operation: Operation
        @usableFromInline var fields: UInt64 = 0
        @usableFromInline var firstValue: Int
        @usableFromInline var tag = UnsafeRawBufferPointer(start: nil, count: 0)
        /// The next request of the same `messages` or `requests` array; -1 at the end.
        @usableFromInline var next: Int = -1
    }

    /// What one line came to.
    package enum Entry {
        case request(Request)
        /// The line is no request; `tag` is echoed if it could be read.
        case failure(Failure, tag: UnsafeRawBufferPointer, closes: Bool)
    }

    @usableFromInline let storage: UnsafeMutablePointer<BatchStorage>

    package init() {
        storage = .allocate(capacity: 1)
        storage.initialize(to: BatchStorage())
    }

    deinit {
        storage.deinitialize(count: 1)
        storage.deallocate()
    }

    /// The lines parsed since the last `removeAll()`.
    package var count: Int { storage.pointee.lines.count }

    package subscript(line: Int) -> Entry {
        let place = storage.pointee.lines[line]
        if place >= 0 { return .request(Request(storage, place)) }
        let failed = storage.pointee.failures[-place - 1]
        return .failure(failed.failure, tag: failed.tag, closes: failed.closes)
    }

    /// The request that a line came to; nil if it is none: then the subscript tells why.
    @inlinable @inline(__always)
    public func request(at line: Int) -> Request? {
        let place = storage.pointee.lines[line]
        return place >= 0 ? Request(storage, place) : nil
    }

    package func removeAll() { storage.pointee.removeAll() }

    /// Appends an entry for a line that is no request, such as one that is too long to be kept.
    /// - Parameters:
    ///   - tag: what the reply echoes, as it came; it must stay where it is until `removeAll()`.
    ///   - closes: the connection ends with the reply.
    package func fail(
        _ failure: Failure,
        tag: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        closes: Bool
    ) {
        storage.pointee.failures.append((failure, tag, closes))
        storage.pointee.lines.append(-storage.pointee.failures.count)
    }
}
