import MartletBroker
import MartletProtocol
import MartletServer

/// The daemon's own way to ask its broker: as a client does, but without a socket, every few seconds at most.
///
/// Its output goes to an outbox behind those of the loops. The session is there during the question only, so that no
/// client ever counts it among the connections.
// Unchecked: the batch and the outbox are touched inside the core only, by one thread at a time.
final class OwnSession: @unchecked Sendable {
    private let server: Server
    private let loop: Int
    private let batch = RequestBatch()
    private var outbox = Outbox()

    /// - Parameter loop: the number of the outbox, which no loop of the server has.
    init(server: Server, loop: Int) {
        self.server = server
        self.loop = loop
    }

    /// How the broker stands; nil if it does not say.
    func status() -> StatusFigures? { ask(#"{"op":"stats"}"#).flatMap(StatusFigures.init) }

    private func ask(_ line: String) -> String? {
        let bytes = Array(line.utf8)
        return server.enter { broker in
            let now = Clock.now()
            let session = broker.openSession(loop: loop, connection: 0, now: now)
            bytes.withUnsafeBytes { line in
                batch.parse(line, limits: broker.settings.limits)
                broker.handle(batch, 0, from: session, now: now)
                batch.removeAll()
            }
            broker.swapOutbox(ofLoop: loop, with: &outbox)
            broker.closeSession(session, now: now)
            defer { outbox.removeAll() }
            return outbox.isEmpty ? nil : String(decoding: outbox.bytes.bytes, as: UTF8.self)
        }
    }
}
