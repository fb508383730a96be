/// The comparison at the end, when everything that was left has been read.
extension Book.State {
    mutating func judge() {
        for token in 1..<entries.count { judgeMessage(token) }
        for number in 1..<units.count { judgeUnit(number) }
        counts["messages handed over more than once"] = entries.count { $0.deliveries > 1 }
    }

    private mutating func judgeMessage(_ token: Int) {
        let entry = entries[token]
        let copies = entry.left + entry.leftInGraveyard
        let name = "message \(token) (\(entry.queue) \(entry.id), unit \(entry.unit))"
        if copies > 1 { find("\(name) was left \(copies) times") }
        guard entry.isPromised else { return }
        if entry.rejected != 0, entry.gone == 0 {
            if entry.leftInGraveyard != 1 { find("lost: \(name) was rejected and is not in the graveyard") }
        } else if !entry.settlingIsUnknown, entry.gone == 0, copies == 0 {
            find("lost: \(name), acknowledged \(entry.isAcknowledged), handed over \(entry.deliveries) times")
        }
        if entry.gone != 0, entry.left > 0 { find("\(name) was deleted and is there") }
    }

    private mutating func judgeUnit(_ number: Int) {
        let unit = units[number]
        let seen = unit.tokens.count { entries[$0].deliveries + entries[$0].left + entries[$0].leftInGraveyard > 0 }
        if seen != 0, seen != unit.tokens.count {
            find("request \(number) (\(unit.outcome)) is half there: \(seen) of \(unit.tokens.count)")
        }
        if unit.outcome == .unknown {
            counts[
                seen > 0 ? "unanswered sends that were there" : "unanswered sends that were not there",
                default: 0
            ] += 1
        }
        guard unit.takes != 0, unit.outcome == .unknown else { return }
        let taken = entries[unit.takes]
        let isThere = taken.seen > unit.begun
        if isThere, seen > 0 { find("request \(number) moved \(unit.takes) and left it where it was") }
        let mayBeDeleted = taken.gone != 0 || taken.unknownSettlings > 1
        if !isThere, seen == 0, !mayBeDeleted, taken.leftInGraveyard == 0 {
            find("lost: request \(number) took \(unit.takes) away and sent nothing")
        }
    }
}
