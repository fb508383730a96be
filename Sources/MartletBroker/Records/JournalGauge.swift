/// What a reply promises.
package enum Durability: Equatable, Sendable {
    /// Messages live as long as the process.
    case none
    /// They outlive the process, not the machine.
    case memory
    /// They outlive the machine's power. With a number: but for what was accepted in the last so many milliseconds.
    case disk(syncedEvery: Int?)

    /// As the protocol and the configuration name it.
    package var name: String {
        switch self {
        case .none: "none"
        case .memory: "memory"
        case .disk: "disk"
        }
    }
}

/// How the journal stands, as the core needs to know before it accepts anything.
package struct JournalGauge: Equatable, Sendable {
    package enum Condition: Equatable, Sendable {
        case ready
        /// There is no space for anything new; what is left is for settling what there is.
        case full
        /// It cannot be written any more, and why.
        case failed(String)
    }

    package var condition = Condition.ready
    /// Bytes that can be recorded yet, as far as that can be told.
    package var room = Int.max
    /// Bytes that can be recorded in one turn.
    package var roomAtOnce = Int.max
    /// Bytes that can be recorded in one turn of what brings something new.
    package var roomForNew = Int.max
    /// Bytes and number of its segments.
    package var bytes = 0
    package var segments = 0
    /// Syncs since the start.
    package var syncs = 0

    package init() {}

    /// When it is full, this is kept for the records of the next cut: with no more room than that, no change is taken.
    package static func leastRoom(segmentSize: Int) -> Int { segmentSize / 32 }
}
