import Foundation
import Synchronization

/// Something that talks to the daemon on a thread of its own until it is told to stop, over all its deaths.
protocol Worker: AnyObject {
    /// Does one round of work; a lost connection ends it early.
    func work(_ session: Session) throws(Session.Lost)
    /// There is a new connection, after one was lost.
    func goOn(_ session: Session) throws(Session.Lost)
}

extension Worker {
    func goOn(_ session: Session) throws(Session.Lost) {}
}

/// Runs workers.
final class Crew: Sendable {
    private let socket: String
    private let isStopping = Atomic(false)
    private let running = DispatchGroup()

    init(socket: String) { self.socket = socket }

    func employ(_ make: @escaping @Sendable () -> any Worker) {
        running.enter()
        let thread = Thread { [self] in
            let worker = make()
            var isFirst = true
            while !isStopping.load(ordering: .relaxed) {
                guard let session = Session.connect(socket) else {
                    // The daemon is dead for the moment.
                    usleep(1_000)
                    continue
                }
                do throws(Session.Lost) {
                    if !isFirst { try worker.goOn(session) }
                    isFirst = false
                    while !isStopping.load(ordering: .relaxed) { try worker.work(session) }
                } catch {
                    isFirst = false
                }
            }
            running.leave()
        }
        thread.start()
    }

    /// Tells them to stop and waits until they have.
    func dismiss() {
        isStopping.store(true, ordering: .relaxed)
        running.wait()
    }
}
