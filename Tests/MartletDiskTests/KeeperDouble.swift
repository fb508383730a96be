import CLinux
import Glibc
import MartletDisk
import Synchronization

/// Keeps descriptors as systemd's file-descriptor store does: up to a maximum, and what is beyond it is dropped without
/// a word; a file that it has already stays under its first name.
final class KeeperDouble: DescriptorKeeper {
    struct Refused: Error {}

    private struct Stored {
        let name: String
        let descriptor: Int32
        let identity: ino_t
    }

    private struct State {
        var stored: [Stored] = []
        var barriers = 0
        var isRefusing = false
        var refusals = 0
        var highest = 0
    }

    private let maximum: Int
    private let state = Mutex(State())

    init(maximum: Int = 64) { self.maximum = maximum }

    deinit { state.withLock { for stored in $0.stored { close(stored.descriptor) } } }

    /// Whether it confirms what is handed to it.
    var isRefusing: Bool {
        get { state.withLock { $0.isRefusing } }
        set { state.withLock { $0.isRefusing = newValue } }
    }

    /// The names that are stored.
    var names: [String] { state.withLock { $0.stored.map(\.name) } }
    var barriers: Int { state.withLock { $0.barriers } }
    /// How often it did not confirm.
    var refusals: Int { state.withLock { $0.refusals } }
    /// The most descriptors that there were at a time.
    var highest: Int { state.withLock { $0.highest } }

    /// What the next run of the service is given.
    func inherited() -> [(name: String, descriptor: Int32)] {
        state.withLock { $0.stored.map { ($0.name, clinux_duplicate($0.descriptor)) } }
    }

    func push(_ descriptor: Int32, name: String) throws {
        var status = stat()
        fstat(descriptor, &status)
        state.withLock { state in
            guard state.stored.count < maximum, !state.stored.contains(where: { $0.identity == status.st_ino })
            else { return }
            let copy = clinux_duplicate(descriptor)
            state.stored.append(Stored(name: name, descriptor: copy, identity: status.st_ino))
            state.highest = max(state.highest, state.stored.count)
        }
    }

    func remove(name: String) throws {
        state.withLock { state in
            for stored in state.stored where stored.name == name { close(stored.descriptor) }
            state.stored.removeAll { $0.name == name }
        }
    }

    func barrier() throws {
        try state.withLock { state in
            if state.isRefusing {
                state.refusals += 1
                throw Refused()
            }
            state.barriers += 1
        }
    }
}
