import Glibc

/// The daemon that is killed, and comes back with what it has kept.
protocol DaemonUnderTest: AnyObject {
    /// Its Unix socket.
    var socket: String { get }

    /// Has it run, and does not wait until it serves.
    func start() throws
    /// Throws if the daemon that was started has ended by itself.
    func checkThatItRuns() throws

    // Each of these waits for the end.

    /// Ends it with SIGKILL.
    func kill() throws
    /// Ends it in good order, what the service manager keeps being kept; throws if it did not end well.
    func stop() throws
    /// Ends it in good order, upon which the service manager drops what it has kept.
    func drop() throws
    /// The audit is over.
    func leave()

    /// What its log says of trouble, a few lines at most. A torn tail is none: nobody was told that it was written.
    var complaints: [Substring] { get }
    /// The last words of its log.
    var tail: String { get }
    /// Where there is more to look at when something is wrong.
    var traces: String { get }
    func removeTraces() throws
}

struct DaemonFailure: Error, CustomStringConvertible { let description: String }

extension DaemonUnderTest {
    /// Waits until it serves.
    func waitUntilReady() throws -> Session {
        let deadline = Instant.now + 30_000
        while Instant.now < deadline {
            if let session = Session.connect(socket), (try? session.ask("ping")) != nil { return session }
            try checkThatItRuns()
            // Its socket brings no event before it is there.
            usleep(500)
        }
        throw DaemonFailure(description: "the daemon does not get ready: \(tail)")
    }
}
