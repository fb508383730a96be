/// Finds the lines in what a peer sends. It does no I/O and holds no bytes: the caller owns the buffer, parses lines in
/// place and keeps only the tail that is not finished.
///
///     filled += read(into: buffer[filled...])
///     loop: while true {
///         switch framer.next(in: UnsafeRawBufferPointer(rebasing: buffer[..<filled]), maxLine: limits.maxLine) {
///         case .line(let range): batch.parse(UnsafeRawBufferPointer(rebasing: buffer[range]), limits: limits)
///         case .tooLong(let range):
///             batch.refuse(tooLong: UnsafeRawBufferPointer(rebasing: buffer[range]), limits: limits)
///         case .incomplete(let consumed): drop = consumed; break loop
///         }
///     }
///     // When the parsed lines are no longer needed: move buffer[drop..<filled] to the front; filled -= drop.
///
/// Each byte is looked at once, however the bytes arrive. A line longer than `maxLine` is reported as soon as that is
/// sure, and its bytes count as consumed from then on, so a buffer of `maxLine + 2` bytes is always enough.
///
/// Invariant: `lineStart <= scanned <= bytes.count`; no LF stands in `lineStart..<scanned`; while `isSkipping`,
/// `lineStart == scanned`.
package struct LineFramer: BitwiseCopyable, Sendable {
    package enum Step: Equatable, Sendable {
        /// A complete line without its LF and a CR before it; it may be empty.
        case line(Range<Int>)
        /// A line longer than allowed, reported once, with the beginning of it that is there; the rest is passed over.
        case tooLong(Range<Int>)
        /// No further line is complete. The first `consumed` bytes are done with; from the next call on the bytes must
        /// begin behind them.
        case incomplete(consumed: Int)
    }

    /// Where the line that is not finished begins.
    private var lineStart = 0
    /// How far there is no LF.
    private var scanned = 0
    /// The line has been reported as too long; its LF has not come yet.
    private var isSkipping = false

    package init() {}

    /// The next step through the bytes that are there.
    /// - Parameter bytes: what the last `.incomplete` left, and what came since. Between two calls with other results
    ///   the same bytes again, perhaps with more behind them.
    package mutating func next(in bytes: UnsafeRawBufferPointer, maxLine: Int) -> Step {
        while true {
            let found = LineFeed.firstIndex(in: bytes, from: scanned)
            guard let end = found else { return pause(bytes, maxLine) }
            let beginning = lineStart
            lineStart = end + 1
            scanned = end + 1
            if isSkipping {
                isSkipping = false
                continue
            }
            let hasReturn = end > beginning && bytes[end - 1] == 0x0D
            let line = beginning..<(hasReturn ? end - 1 : end)
            return line.count > maxLine ? .tooLong(line) : .line(line)
        }
    }

    /// All bytes are scanned, and the last line is not finished.
    private mutating func pause(_ bytes: UnsafeRawBufferPointer, _ maxLine: Int) -> Step {
        scanned = bytes.count
        if isSkipping { lineStart = scanned }
        let unfinished = scanned - lineStart
        // One byte more may still be the CR of a line that is just short enough.
        if unfinished > maxLine, unfinished > maxLine + 1 || bytes[scanned - 1] != 0x0D {
            let beginning = lineStart..<scanned
            lineStart = scanned
            isSkipping = true
            return .tooLong(beginning)
        }
        let consumed = lineStart
        lineStart = 0
        scanned -= consumed
        return .incomplete(consumed: consumed)
    }
}
