/// When the units of an open loop are due: whatever the server does, unit n is due at `start + n × interval`.
///
/// A unit that begins late because the connection is still busy with earlier ones is measured from when it was due, so
/// a stall counts for every unit that it holds up, not for one ("coordinated omission").
///
/// Units go to the connections in turn.
final class Schedule {
    /// When unit 0 is due: set when the load begins.
    var start: Nanoseconds = 0
    /// Nanoseconds between units.
    let interval: Double
    let connections: Int

    /// - Parameters:
    ///   - rate: messages a second.
    ///   - unit: messages in one unit.
    init(rate: Double, unit: Int, connections: Int) {
        interval = 1e9 * Double(unit) / rate
        self.connections = connections
    }

    func due(_ unit: Int) -> Nanoseconds { start + UInt64(Double(unit) * interval) }

    /// When the `turn`-th unit of the connection is due.
    func due(turn: Int, of connection: Int) -> Nanoseconds { due(turn * connections + connection) }
}
