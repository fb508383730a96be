/// In which turns a queue's latest messages came, as long as that may not be durable: so it is known which messages
/// nobody may see yet.
///
/// Ids are given out in order, so a turn is noted once, with the last id that came in it.
struct Arrivals {
    private var turns: [(lastID: Int, turn: UInt64)] = []

    /// A message came. `durable` is the turn up to which everything is durable.
    mutating func note(_ id: Int, turn: UInt64, durable: UInt64) {
        if let last = turns.last, last.turn == turn {
            turns[turns.count - 1].lastID = id
        } else {
            let count = turns.prefix { $0.turn <= durable }.count
            if count > 0 { turns.removeFirst(count) }
            turns.append((id, turn))
        }
    }

    /// Whether the message may be seen.
    func isDurable(_ id: Int, durable: UInt64) -> Bool {
        guard let next = turns.first(where: { $0.turn > durable }) else { return true }
        guard let place = turns.firstIndex(where: { $0.lastID >= id }) else { return true }
        return turns[place].turn < next.turn
    }
}
