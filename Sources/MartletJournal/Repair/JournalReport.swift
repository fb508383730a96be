/// What a check of a journal has found.
package struct JournalReport: Equatable, Sendable {
    /// By number.
    package var segments: [SegmentReport] = []
    /// Numbers between two segments of which there is no file.
    package var missing: [UInt32] = []
    /// A repair that has not come to its end.
    package var unfinishedRepair: String?

    /// Whether a daemon would start with it.
    package var isGood: Bool {
        missing.isEmpty && unfinishedRepair == nil && segments.allSatisfy { !$0.verdict.stopsTheStart }
    }
    package var entries: UInt64 { segments.reduce(0) { $0 + $1.entries } }
    package var bytes: UInt64 { segments.reduce(0) { $0 + $1.bytes } }
}

/// What there is in one file of a journal.
package struct SegmentReport: Equatable, Sendable, CustomStringConvertible {
    package enum Verdict: Equatable, Sendable {
        case good
        /// What was never synced has not survived whole, as happens when the power goes.
        case torn(Defect)
        /// What had been synced does not read as it was written.
        case rotten([Defect])
        /// A later release has written it.
        case newer(version: UInt32)

        /// Whether a daemon refuses to start with it.
        package var stopsTheStart: Bool {
            switch self {
            case .good, .torn: false
            case .rotten, .newer: true
            }
        }
    }

    /// A place from which on something cannot be read.
    package struct Defect: Equatable, Sendable, CustomStringConvertible {
        package let offset: UInt64
        package let reason: String

        package var description: String { "at offset \(offset): \(reason)" }
    }

    package let file: String
    package let number: UInt32
    /// Of the format; 0 if the header cannot be read.
    package var version: UInt32
    /// Bytes of the file.
    package let size: UInt64
    /// Entries that can be read.
    package var entries: UInt64 = 0
    /// Bytes of their payloads.
    package var bytes: UInt64 = 0
    package var verdict = Verdict.good

    package var description: String {
        let count = "\(file): \(entries) entries, \(bytes) bytes"
        return switch verdict {
        case .good: "\(count), good"
        case .torn(let defect): "\(count), torn tail \(defect)"
        case .rotten(let defects): "\(count), rotten \(defects.map(\.description).joined(separator: "; "))"
        case .newer(let version): "\(file): format version \(version), which this release does not know"
        }
    }
}
