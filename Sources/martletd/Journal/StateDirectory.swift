import Glibc
import MartletDisk
import MartletJournal

/// Where the daemon's files are: as configured, or where the service manager says.
struct StateDirectory {
    let path: String

    init(_ configuration: JournalConfiguration) throws(Restoration.Failure) {
        let given = getenv("STATE_DIRECTORY").flatMap { String(cString: $0).split(separator: ":").first }
        path = configuration.directory.isEmpty ? given.map(String.init) ?? "" : configuration.directory
        guard !path.isEmpty else {
            throw Restoration.Failure(
                description: "durability \(configuration.mode) needs a directory: give --data-dir, or run as a service "
                    + "with StateDirectory="
            )
        }
    }

    /// A folder in it; the directory itself is made if it is not there, for us alone.
    func folder(_ name: String) throws(Restoration.Failure) -> String {
        try make()
        return "\(path)/\(name)"
    }

    func make() throws(Restoration.Failure) {
        do throws(DiskError) {
            try DurableFolder.make(path)
        } catch {
            throw Restoration.Failure(description: "\(path) cannot be made: \(error.reason)")
        }
    }
}
