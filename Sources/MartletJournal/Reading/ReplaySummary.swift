/// What a replay has read.
package struct ReplaySummary: Equatable, Sendable {
    package var entries: UInt64 = 0
    /// Bytes of their payloads.
    package var bytes: UInt64 = 0
    /// What of the last segment was passed over, if anything was.
    package var tear: Tear?
}

/// A tail that was written and never synced, and did not survive whole.
package struct Tear: Equatable, Sendable, CustomStringConvertible {
    package let file: String
    package let offset: UInt64
    /// What is wrong there.
    package let reason: String

    package var description: String {
        "\(file) has a torn tail at offset \(offset) (\(reason)): it was never called durable and is passed over"
    }
}

/// How far a replay is.
package struct ReplayProgress: Equatable, Sendable {
    /// Between two reports, in bytes.
    package static let interval: UInt64 = 32 << 20

    package var bytes: UInt64
    /// What there is to read at most; the last segment's unused space counts.
    package let total: UInt64
}
