import Foundation
import Testing

/// A data directory for daemons with a journal on disk, gone with this.
final class JournalFolder {
    let path: String
    private let isOwn: Bool

    init() throws {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        path = String(cString: try #require(made))
        isOwn = true
    }

    /// One that somebody else takes away.
    init(path: String) {
        self.path = path
        isOwn = false
    }

    deinit { if isOwn { try? FileManager.default.removeItem(atPath: path) } }

    private var arguments: [String] { ["--durability", "disk", "--data-dir", path] }

    /// Starts a daemon on it and waits until it serves.
    func start(_ environment: [String: String] = [:]) throws -> (daemon: DaemonProcess, port: UInt16) {
        let small = ["MARTLET_SEGMENT_SIZE": "64K"].merging(environment) { $1 }
        return try DaemonProcess.listening(arguments, environment: small)
    }

    /// Starts a daemon and does not wait.
    func process() throws -> DaemonProcess {
        try DaemonProcess(
            ["--listen", "127.0.0.1:0"] + arguments,
            environment: ["MARTLET_SEGMENT_SIZE": "64K"]
        )
    }

    /// Starts a daemon that is expected to end by itself.
    func startInVain() throws -> (status: Int32, output: String, errors: String) { try process().finish() }

    /// Kills a daemon and starts another in its place.
    func restart(
        _ daemon: DaemonProcess,
        _ environment: [String: String] = [:]
    ) throws -> (
        daemon: DaemonProcess, port: UInt16
    ) {
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
        return try start(environment)
    }

    /// The journal's files, oldest segment first.
    var files: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path + "/journal").sorted().map {
                "\(path)/journal/\($0)"
            }
        }
    }

    /// Names of the segments' files, oldest first.
    var segments: [String] { get throws { try files.filter { $0.hasSuffix(".segment") } } }

    /// Bytes that the journal takes on the disk.
    var size: Int {
        get throws {
            try files.reduce(0) { sum, file in
                var status = stat()
                // One that is given back meanwhile takes none.
                return stat(file, &status) == 0 ? sum + Int(status.st_blocks) * 512 : sum
            }
        }
    }
}
