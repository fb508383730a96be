import Foundation
import Testing

/// A real `martletd` for one test, on a port that nobody else has.
final class TestBroker {
    private let process = Process()
    private let errors = Pipe()
    /// What `--server` is to be told.
    let address: String

    /// - Parameter path: A Unix socket instead of a port.
    init(unix path: String? = nil) throws {
        process.executableURL = Products.url("martletd")
        process.arguments = path.map { ["--listen", "127.0.0.1:0", "--unix", $0] } ?? ["--listen", "127.0.0.1:0"]
        process.environment = [:]
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let prefix = path == nil ? "listening on 127.0.0.1:" : "listening on unix:"
        var text = ""
        while true {
            let data = errors.fileHandleForReading.availableData
            try #require(!data.isEmpty, "martletd ended: \(text)")
            text += String(decoding: data, as: UTF8.self)
            let whole = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            guard let line = whole.first(where: { $0.contains(prefix) }) else { continue }
            address = String(line.drop { $0 != ":" }.dropFirst().split(separator: " ").last ?? "")
            return
        }
    }

    deinit { kill() }

    /// Ends it without a drain.
    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Runs `martlet` against this broker, to its end.
    func run(_ arguments: String..., input: String = "") throws -> Outcome {
        let command = try CommandProcess(arguments, server: address)
        command.type(input)
        return command.finish()
    }

    /// Starts `martlet` against this broker.
    func start(_ arguments: String...) throws -> CommandProcess {
        try CommandProcess(arguments, server: address)
    }
}

/// Where this build's programs are: next to the test bundle that is running.
enum Products {
    private static let directory = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    static func url(_ name: String) -> URL { directory.appendingPathComponent(name) }
}

/// How a command has ended, and what it said.
struct Outcome {
    let status: Int32
    let output: String
    let errors: String
}
