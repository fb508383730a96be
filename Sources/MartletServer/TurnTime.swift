/// How long one turn has been handling lines, and those of one connection. When the time is up, the other lines wait
/// for the next turn: so the passing of time, or another connection's request, does not wait for a thousand large ones.
struct TurnTime {
    private static let (turn, connection) = (5_000_000, 1_000_000)
    /// So many small requests take less than half a millisecond.
    static let linesBetweenLooks = 256

    private let end: Int
    private var lastLook: Int
    private var connectionEnd = 0
    private var unseen = 0
    private(set) var isUp = false

    init() {
        lastLook = Clock.nanoseconds()
        end = lastLook + Self.turn
    }

    /// It is another connection's turn now.
    mutating func beginConnection() {
        connectionEnd = lastLook + Self.connection
        isUp = lastLook >= end
    }

    /// Lines were handled.
    mutating func pass(lines: Int) {
        unseen += lines
        if unseen >= Self.linesBetweenLooks { look() }
    }

    /// Looks at the clock.
    mutating func look() {
        unseen = 0
        lastLook = Clock.nanoseconds()
        isUp = lastLook >= min(end, connectionEnd)
    }
}
