import MartletBroker
import MartletJournal
import MartletProtocol

/// Output of earlier turns that waits until what it says is durable, oldest first.
///
/// Without a journal, or with one in memory, nothing ever waits here.
struct HeldOutput: ~Copyable {
    private var turns: [Int: HeldTurn] = [:]
    private var first = 0
    private var next = 0
    /// Emptied outboxes, used again.
    private var spares: [HeldTurn] = []

    var isEmpty: Bool { first == next }

    /// Takes the turn's outbox and leaves an empty one in its place.
    mutating func hold(_ outbox: inout Outbox, until release: Release) {
        let turn = spares.popLast() ?? HeldTurn()
        turn.release = release
        swap(&turn.outbox, &outbox)
        turns[next] = turn
        next += 1
    }

    /// The oldest turn's output, if it may leave.
    mutating func popDue(_ journal: any Journal) -> HeldTurn? {
        guard let turn = turns[first], turn.release.isDue(journal) else { return nil }
        return pop()
    }

    /// The oldest turn's output, whether or not it may leave.
    mutating func pop() -> HeldTurn? {
        guard let turn = turns.removeValue(forKey: first) else { return nil }
        first += 1
        return turn
    }

    /// The output has been written.
    mutating func giveBack(_ turn: HeldTurn) {
        turn.outbox.removeAll()
        if spares.count < 4 { spares.append(turn) }
    }
}

/// The output of one turn.
final class HeldTurn {
    var outbox = Outbox()
    var release = Release.now
}
