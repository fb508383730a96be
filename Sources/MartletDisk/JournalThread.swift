import CLinux
import Glibc
import MartletJournal

/// A thread of a journal's own, with a name that `ps -L` and debuggers show.
struct JournalThread: Sendable {
    private let handle: pthread_t

    private final class Work {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    init(name: String, _ body: @escaping @Sendable () -> Void) throws(DiskError) {
        let work = Unmanaged.passRetained(Work(name: name, body: body))
        var handle = pthread_t()
        do throws(DiskError) {
            try SystemCall.checkNumber("pthread_create", name) {
                pthread_create(
                    &handle,
                    nil,
                    { context in
                        guard let context else { return nil }
                        let work = Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
                        clinux_name_thread(work.name)
                        work.body()
                        return nil
                    },
                    work.toOpaque()
                )
            }
        } catch {
            work.release()
            throw error
        }
        self.handle = handle
    }

    /// Waits until it has ended; to be called once.
    func join() { pthread_join(handle, nil) }
}
