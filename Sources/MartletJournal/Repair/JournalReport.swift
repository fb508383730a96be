/// What a check of a journal has found.
package struct JournalReport: Equatable, Sendable {
    /// By number.
    package var segments: [SegmentReport] = []
    /// Numbers between two segments of which there is no file.
    package var missing: [ClosedRange<UInt32>] = []
    /// Neighbours that are not of one journal, or not of one time.
    package var misfits: [Misfit] = []
    /// A repair that has not come to its end.
    package var unfinishedRepair: String?

    /// Whether a daemon would start with it.
    package var isGood: Bool {
        missing.isEmpty && misfits.isEmpty && unfinishedRepair == nil
            && segments.allSatisfy { !$0.verdict.stopsTheStart }
    }
    /// What is wrong beside the segments, a line each.
    package var findings: [String] {
        missing.map { range in
            range.count == 1
                ? "segment \(range.lowerBound) is missing"
                : "segments \(range.lowerBound) to \(range.upperBound) are missing"
        }
            + misfits.map(\.description)
            + (unfinishedRepair.map { ["\($0): a repair was interrupted; run it again"] } ?? [])
    }
    package var entries: UInt64 { segments.reduce(0) { $0 + $1.entries } }
    package var bytes: UInt64 { segments.reduce(0) { $0 + $1.bytes } }

    /// Two segments, whole by themselves, the second of which was not written behind the first.
    package struct Misfit: Equatable, Sendable, CustomStringConvertible {
        package let file: String
        package let next: String

        package var description: String {
            "\(next) was written behind another segment than \(file): one of the two is of another journal or time"
        }
    }
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
    /// The segment that says where this one ends, if it is not there or does not say it: more may have been in it.
    package var lacking: String?

    package var description: String {
        let count = "\(file): \(entries) entries, \(bytes) bytes"
        let end = lacking.map { "; where it ends cannot be told without \($0)" } ?? ""
        return switch verdict {
        case .good: "\(count), good\(end)"
        case .torn(let defect): "\(count), torn tail \(defect)\(end)"
        case .rotten(let defects): "\(count), rotten \(defects.map(\.description).joined(separator: "; "))"
        case .newer(let version): "\(file): format version \(version), which this release does not know"
        }
    }
}
