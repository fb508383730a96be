/// The memory of a `RequestBatch`, in one place that is reached by one pointer.
///
/// It stands outside of the class because the parser changes it at each field: through the class every change would be
/// checked for exclusive access at run time.
@usableFromInline
struct BatchStorage: ~Copyable {
    @usableFromInline typealias Value = RequestBatch.Value

    /// A line's place: the index of its header, or of its failure below zero.
    @usableFromInline var lines = Arena<Int>(capacity: 256)
    @usableFromInline var headers = Arena<RequestBatch.Header>(capacity: 256)
    @usableFromInline var values = Arena<Value>(capacity: 1024)
    /// Elements of `ids`.
    @usableFromInline var integers = Arena<Int>(capacity: 64)
    /// Elements of `queues` and `receipts`.
    @usableFromInline var texts = Arena<UnsafeRawBufferPointer>(capacity: 64)
    var failures: [(failure: Failure, tag: UnsafeRawBufferPointer, closes: Bool)] = []
    /// Text that had to be decoded (escapes), and requests made from console words. Blocks never move.
    var decoded = DecodedText()

    /// How recent lines began; kept over `removeAll()`.
    var templates = LineTemplates()
    let table = ParseTable()
    /// Where the fields of the request being read are put together: 64 for each level of requests in requests.
    let scratch = UnsafeMutablePointer<Value>.allocate(capacity: 64 * BatchStorage.levels)

    /// `atomic` holds `send` holds `messages`.
    static let levels = 3

    deinit {
        table.deallocate()
        scratch.deallocate()
    }

    /// Empties the batch. What one huge batch has taken is given back, what ordinary ones need is kept.
    mutating func removeAll() {
        lines.removeAll(keeping: 4096)
        headers.removeAll(keeping: 16_384)
        values.removeAll(keeping: 32_768)
        integers.removeAll(keeping: 16_384)
        texts.removeAll(keeping: 16_384)
        if !failures.isEmpty { failures.removeAll() }
        decoded.removeAll()
    }
}
