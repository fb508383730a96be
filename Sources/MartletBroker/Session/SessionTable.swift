/// The open sessions by their index.
struct SessionTable {
    private var sessions: [Session?] = [nil]
    private var generations: [UInt32] = [0]
    private var vacant: [UInt32] = []

    /// How many have their connection yet.
    var count: Int { sessions.count { $0.map { !$0.isGone } ?? false } }

    /// All open sessions in the order of their index.
    var all: [Session] { sessions.compactMap { $0 } }

    /// Above the index of every session.
    var end: UInt32 { UInt32(sessions.count) }

    subscript(index: UInt32) -> Session? { sessions[Int(index)] }

    /// The open session of an index, for one who works with it for a moment in which it cannot go: see
    /// `Unmanaged.lend`.
    @inline(__always)
    func reference(_ index: UInt32) -> Unmanaged<Session>? {
        sessions[Int(index)].map { Unmanaged.passUnretained($0) }
    }

    subscript(id: SessionID) -> Session? {
        guard let session = sessions[Int(id.index)], session.generation == id.generation else { return nil }
        return session
    }

    mutating func open(loop: Int, connection: UInt64) -> Session {
        let index = vacant.popLast() ?? UInt32(sessions.count)
        if Int(index) == sessions.count {
            sessions.append(nil)
            generations.append(0)
        }
        generations[Int(index)] &+= 1
        let session = Session(
            index: index,
            generation: generations[Int(index)],
            loop: loop,
            connection: connection
        )
        sessions[Int(index)] = session
        return session
    }

    mutating func close(_ session: Session) {
        sessions[Int(session.index)] = nil
        vacant.append(session.index)
    }
}
