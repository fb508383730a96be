import MartletBroker
import MartletJournal
import MartletProtocol

/// Output of one connection, of one turn, that waits until what it says is durable.
struct UnreleasedRun {
    let bytes: [UInt8]
    let release: Release
    /// The connection is to be closed once these bytes are written.
    let closes: Bool
}

/// The connections of a loop that have output which may not leave yet. Each one's own waits in its order; they do
/// not wait for each other.
///
/// Without a journal, or with one in memory, nothing ever waits here.
struct UnreleasedOutput {
    private var connections: [Connection] = []

    var isEmpty: Bool { connections.isEmpty }

    mutating func add(_ run: UnreleasedRun, of connection: Connection) {
        if connection.unreleased.isEmpty { connections.append(connection) }
        connection.unreleased.append(run)
    }

    /// Hands over, for each connection in turn, the runs that are due; those of connections that are gone are dropped.
    mutating func release(if isDue: (Release) -> Bool, to body: (Connection, ArraySlice<UnreleasedRun>) -> Void) {
        var kept = 0
        for connection in connections {
            let runs = connection.unreleased
            let count = connection.phase == .gone ? runs.count : runs.prefix { isDue($0.release) }.count
            connection.unreleased.removeFirst(count)
            if connection.phase != .gone, count > 0 { body(connection, runs.prefix(count)) }
            guard !connection.unreleased.isEmpty else { continue }
            connections[kept] = connection
            kept += 1
        }
        connections.removeLast(connections.count - kept)
    }
}
