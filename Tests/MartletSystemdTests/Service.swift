import Foundation
import Testing

/// `martletd` run as a service manager runs it, in a folder of its own: what it tells is kept.
final class Service {
    let folder: String
    let notices: NotificationSocket
    private let process = Process()
    private let errors = Pipe()

    private static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    /// - Parameter files: are there already in the folder, by their names; a name may have a folder before it.
    init(
        _ arguments: [String],
        configuration: String = "{}",
        environment: [String: String] = [:],
        files: [String: String] = [:]
    ) throws {
        folder = NSTemporaryDirectory() + "martlet-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            let file = URL(filePath: folder).appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        notices = try NotificationSocket(in: folder)
        try configure(configuration)
        process.currentDirectoryURL = URL(filePath: folder)
        process.executableURL = Self.products.appending(path: "martletd")
        process.arguments = ["--config", folder + "/c.json5"] + arguments
        process.environment = ["NOTIFY_SOCKET": notices.path, "RUNTIME_DIRECTORY": folder].merging(environment) { $1 }
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func configure(_ text: String) throws { try Data(text.utf8).write(to: URL(filePath: folder + "/c.json5")) }

    func send(signal: Int32) { kill(process.processIdentifier, signal) }

    /// Its exit status and what it has said.
    func finish() -> (status: Int32, errors: String) {
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }

    /// Runs `martletd --reload` against it.
    func reload() throws -> (status: Int32, errors: String) {
        let client = Process()
        let errors = Pipe()
        client.executableURL = Self.products.appending(path: "martletd")
        client.arguments = ["--reload"]
        client.environment = ["RUNTIME_DIRECTORY": folder]
        client.standardError = errors
        try client.run()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        client.waitUntilExit()
        return (client.terminationStatus, said)
    }
}
