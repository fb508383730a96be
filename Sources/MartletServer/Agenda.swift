/// What a loop still has to do: the connections that something has happened to.
///
/// Each list is worked off in the turn named; a loop whose agenda is not empty does not sleep.
struct Agenda {
    /// To be read in this turn.
    var readable: [Connection] = []
    /// The core does not know them yet.
    var opened: [Connection] = []
    /// The core has not been told that they are gone.
    var ended: [Connection] = []
    /// Bytes of theirs were written that the core has not been told of.
    var written: [Connection] = []
    /// Held until now; their lines are to be parsed again.
    var resumed: [Connection] = []
    /// To be resumed after the others, since some of their lines were handled in this turn.
    var served: [Connection] = []
    /// Held as owing, though their peers have sent their last byte: they are not read, so their end is not either.
    var deserted: [Connection] = []
    /// A connection has had so much written that the core may be waiting to be told.
    var isReportDue = false

    /// Nothing that could not wait for the next event.
    var maySleep: Bool {
        readable.isEmpty && opened.isEmpty && ended.isEmpty && resumed.isEmpty && deserted.isEmpty && !isReportDue
    }

    mutating func read(_ connection: Connection) {
        guard !connection.isQueued else { return }
        connection.isQueued = true
        readable.append(connection)
    }
}
