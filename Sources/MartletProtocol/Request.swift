/// One well-formed request: a view into its batch, valid until the batch is emptied.
///
/// The parser has checked it against the operation table: the operation's required fields are there, no other field
/// is, and every value has its type and lies in its range. So the accessors need not be asked twice.
///
/// Unsafe memory: the pointers lead into the batch's arenas, which neither move nor shrink between the parsing of a
/// turn's last line and `removeAll()`. The accessors are inlined: the core asks for a dozen fields a request.
public struct Request {
    @usableFromInline let storage: UnsafeMutablePointer<BatchStorage>
    @usableFromInline let header: UnsafePointer<RequestBatch.Header>
    /// The values of its fields, in the fields' order.
    @usableFromInline let values: UnsafePointer<RequestBatch.Value>

    @inlinable @inline(__always)
    init(_ storage: UnsafeMutablePointer<BatchStorage>, _ index: Int) {
        self.storage = storage
        header = storage.pointee.headers.pointer(to: index)
        values = storage.pointee.values.pointer(to: header.pointee.firstValue)
    }

    @inlinable @inline(__always)
    public var operation: Operation { header.pointee.operation }

    /// Bit n: the field of that raw value is there.
    @inlinable @inline(__always)
    var fields: UInt64 { header.pointee.fields }

    /// The value of `tag` as it came (a JSON string or number); empty if there was none.
    @inlinable @inline(__always)
    public var tag: UnsafeRawBufferPointer { header.pointee.tag }

    @inlinable @inline(__always)
    public func has(_ field: Field) -> Bool { fields & (1 << UInt64(field.rawValue)) != 0 }

    /// Whether the request has no other fields than these.
    @inlinable @inline(__always)
    public func hasOnly(_ one: Field, _ other: Field) -> Bool {
        fields & ~(1 << UInt64(one.rawValue) | 1 << UInt64(other.rawValue)) == 0
    }

    @inlinable @inline(__always)
    func value(_ field: Field) -> UnsafePointer<RequestBatch.Value>? {
        let bit: UInt64 = 1 << UInt64(field.rawValue)
        guard fields & bit != 0 else { return nil }
        return values + (fields & (bit - 1)).nonzeroBitCount
    }

    /// An integer, an instant or a duration (both in milliseconds), or the index of a choice in its list.
    @inlinable @inline(__always)
    public func integer(_ field: Field) -> Int? { value(field)?.pointee.number }

    /// A boolean; false if absent.
    @inlinable @inline(__always)
    public func flag(_ field: Field) -> Bool { value(field)?.pointee.number == 1 }

    /// A number that may have a fraction, such as a `rate`.
    package func number(_ field: Field) -> Double? {
        value(field).map { Double(bitPattern: UInt64(bitPattern: Int64($0.pointee.number))) }
    }

    /// A string's decoded UTF-8.
    @inlinable @inline(__always)
    public func text(_ field: Field) -> UnsafeRawBufferPointer? { value(field)?.pointee.text }

    /// A string as a Swift String: for what is kept or shown, not for the hot path.
    package func string(_ field: Field) -> String? {
        text(field).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A string as a JSON string that is the same for the same text, however it was written: for what is compared.
    package func quoted(_ field: Field) -> String? {
        guard let text = text(field) else { return nil }
        var quoted = ByteBuffer(capacity: text.count + 16)
        quoted.append(quoted: text)
        return String(decoding: quoted.bytes, as: UTF8.self)
    }

    /// The value's JSON text, byte for byte as it came, from its first to its last character.
    @inlinable @inline(__always)
    public func json(_ field: Field) -> UnsafeRawBufferPointer? { value(field)?.pointee.raw }

    package func retryDelay(_ field: Field) -> RetryDelay? {
        json(field).flatMap { try? RetryDelay(json: $0) }
    }

    /// The strings of an array such as `queues` or `receipts`; empty if absent.
    @inlinable @inline(__always)
    public func texts(_ field: Field) -> UnsafeBufferPointer<UnsafeRawBufferPointer> {
        guard let value = value(field) else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(
            start: storage.pointee.texts.pointer(to: value.pointee.number),
            count: value.pointee.count
        )
    }

    /// The integers of an array such as `ids`; empty if absent.
    @inlinable @inline(__always)
    public func integers(_ field: Field) -> UnsafeBufferPointer<Int> {
        guard let value = value(field) else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(
            start: storage.pointee.integers.pointer(to: value.pointee.number),
            count: value.pointee.count
        )
    }

    /// The requests in `messages` or `requests`; empty if absent.
    @inlinable @inline(__always)
    public func requests(_ field: Field) -> Requests {
        guard let value = value(field) else { return Requests(storage, place: -1, count: 0) }
        return Requests(storage, place: value.pointee.number, count: value.pointee.count)
    }
}

extension Request {
    /// The requests inside a request, in order. They are linked, because one may itself hold a batch.
    public struct Requests: Sequence, IteratorProtocol {
        @usableFromInline let storage: UnsafeMutablePointer<BatchStorage>
        @usableFromInline var place: Int
        public let count: Int

        @inlinable @inline(__always)
        init(_ storage: UnsafeMutablePointer<BatchStorage>, place: Int, count: Int) {
            self.storage = storage
            self.place = place
            self.count = count
        }

        @inlinable @inline(__always)
        public var underestimatedCount: Int { count }

        @inlinable @inline(__always)
        public mutating func next() -> Request? {
            guard place >= 0 else { return nil }
            let request = Request(storage, place)
            place = request.header.pointee.next
            return request
        }
    }
}
