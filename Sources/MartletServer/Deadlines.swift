/// When the connections of one loop run out of patience with their peers: at most one deadline for each.
///
/// Deadlines of one kind all last equally long, so a list for each kind, kept in the order in which they were set, is
/// in the order in which they end. Everything takes constant time and there is no tick: without deadlines the loop
/// sleeps for ever. (After a change of settings the deadlines set before it may end late, by the difference at most.)
struct Deadlines {
    enum Kind: Int, CaseIterable {
        /// The peer has not sent a first request.
        case idle
        /// The peer has not read what is owed to it.
        case slow
        /// The peer has not closed after our last byte.
        case linger
    }

    /// A connection's place in the list of its kind. Slots are named by number; `none` is the end.
    private struct Link {
        var kind: Kind?
        var instant = 0
        var previous = none
        var next = none
    }

    private static let none: Int32 = -1
    private var links: [Link] = []
    private var heads = [Int32](repeating: none, count: Kind.allCases.count)
    private var tails = [Int32](repeating: none, count: Kind.allCases.count)

    /// The monotonic millisecond of the next deadline.
    var earliest: Int? {
        heads.lazy.filter { $0 != Self.none }.map { links[Int($0)].instant }.min()
    }

    /// Sets a connection's deadline in place of any other it has.
    mutating func set(_ slot: Int, _ kind: Kind, at instant: Int) {
        clear(slot)
        while links.count <= slot { links.append(Link()) }
        let tail = tails[kind.rawValue]
        links[slot] = Link(kind: kind, instant: instant, previous: tail, next: Self.none)
        if tail == Self.none { heads[kind.rawValue] = Int32(slot) } else { links[Int(tail)].next = Int32(slot) }
        tails[kind.rawValue] = Int32(slot)
    }

    mutating func clear(_ slot: Int) {
        guard slot < links.count, let kind = links[slot].kind else { return }
        let (previous, next) = (links[slot].previous, links[slot].next)
        if previous == Self.none { heads[kind.rawValue] = next } else { links[Int(previous)].next = next }
        if next == Self.none { tails[kind.rawValue] = previous } else { links[Int(next)].previous = previous }
        links[slot] = Link()
    }

    func kind(of slot: Int) -> Kind? { slot < links.count ? links[slot].kind : nil }

    /// Takes out a deadline that has passed; nil if none has.
    mutating func popPassed(at now: Int) -> (slot: Int, kind: Kind)? {
        for kind in Kind.allCases {
            let head = heads[kind.rawValue]
            guard head != Self.none, links[Int(head)].instant <= now else { continue }
            clear(Int(head))
            return (Int(head), kind)
        }
        return nil
    }
}
