import MartletBroker
import MartletJournal

/// What the journal takes, as far as people are told of it.
enum JournalIntake: Equatable, Sendable {
    case everything
    /// What settles messages: nothing new, as there is no more space.
    case settling
    /// Nothing that changes anything: what was set aside for settling is used up.
    case nothing
    /// Nothing ever again, and why.
    case failed(String)

    init(of journal: any Journal, segmentSize: Int) {
        switch journal.condition {
        case .ready: self = .everything
        case .full:
            let room = journal.figures.room
            self = room > JournalGauge.leastRoom(segmentSize: segmentSize) ? .settling : .nothing
        case .failed(let reason): self = .failed(reason)
        }
    }

    var isFull: Bool { self == .settling || self == .nothing }
}
