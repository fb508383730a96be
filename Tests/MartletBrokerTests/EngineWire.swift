import MartletBroker
import MartletProtocol
import MartletTranscripts

/// A transcript's connections to the engine in memory, where time passes as the transcript says.
final class EngineWire: Wire {
    private let engine: Engine
    private var peers: [String: Connection] = [:]

    /// A connection with the bytes that are no line yet.
    private struct Connection {
        let peer: Engine.Peer
        var framer = LineFramer()
        var rest: [UInt8] = []
        var lines: [String] = []
    }

    init(_ settings: [String: String]) {
        var broker = BrokerSettings()
        for (key, value) in settings { Self.apply(key, value, to: &broker) }
        engine = Engine(broker)
    }

    /// Settings as the daemon's configuration names them.
    private static func apply(_ key: String, _ value: String, to settings: inout BrokerSettings) {
        let number = Int(value) ?? 0
        switch key {
        case "auto_create": settings.autoCreate = value == "true"
        case "max_line": settings.limits.maxLine = number
        case "max_body": settings.limits.maxBody = number
        case "max_batch": settings.limits.maxBatch = number
        case "max_queues": settings.limits.maxQueues = number
        case "max_bindings": settings.limits.maxBindings = number
        case "max_subscriptions": settings.limits.maxSubscriptions = number
        case "max_waiting_receivers": settings.limits.maxWaitingReceivers = number
        case "memory_limit": settings.limits.memoryLimit = number
        default: preconditionFailure("a transcript wants \(key), which this wire does not know")
        }
    }

    private func connection(_ name: String) -> Connection {
        if let connection = peers[name] { return connection }
        let connection = Connection(peer: engine.connect())
        peers[name] = connection
        return connection
    }

    func send(_ bytes: String, from name: String) {
        var connection = connection(name)
        connection.rest += Array(bytes.utf8)
        let maxLine = engine.broker.settings.limits.maxLine
        while !connection.peer.isClosed {
            let step = connection.rest.withUnsafeBytes { connection.framer.next(in: $0, maxLine: maxLine) }
            switch step {
            case .line(let range):
                let line = connection.rest[range]
                if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { engine.handle(Array(line), from: connection.peer) }
            case .tooLong(let range): engine.refuse(tooLong: Array(connection.rest[range]), from: connection.peer)
            case .incomplete(let consumed):
                connection.rest.removeFirst(consumed)
                peers[name] = connection
                return
            }
        }
    }

    func nextLine(for name: String) -> String? {
        var connection = connection(name)
        connection.lines += connection.peer.takeLines()
        defer { peers[name] = connection }
        return connection.lines.isEmpty ? nil : connection.lines.removeFirst()
    }

    func hasUnreadLine(for name: String) -> Bool {
        var connection = connection(name)
        connection.lines += connection.peer.takeLines()
        peers[name] = connection
        return !connection.lines.isEmpty
    }

    func close(_ name: String) {
        connection(name).peer.close()
        peers[name] = nil
    }

    func isClosed(_ name: String) -> Bool { connection(name).peer.isClosed }

    func pass(milliseconds: Int) { engine.pass(milliseconds) }

    var firstBrokenInvariant: String? { engine.firstBrokenInvariant }
}
