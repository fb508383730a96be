import Foundation
import Testing

/// The real `martlet`, as a process.
final class CommandProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors = Pipe()
    private var text = ""

    init(_ arguments: [String], server: String) throws {
        process.executableURL = Products.url("martlet")
        process.arguments = arguments
        process.environment = ["MARTLET_SERVER": server, "PATH": "/usr/bin:/bin"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// All of its standard input.
    func type(_ text: String) {
        input.fileHandleForWriting.write(Data(text.utf8))
        input.fileHandleForWriting.closeFile()
    }

    func send(signal: Int32) { kill(process.processIdentifier, signal) }

    /// Nobody reads its output any more.
    func stopListening() { output.fileHandleForReading.closeFile() }

    /// The next line of its output.
    func line() throws -> String {
        while true {
            if let end = text.firstIndex(of: "\n") {
                defer { text.removeSubrange(...end) }
                return String(text[..<end])
            }
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the command ended")
            text += String(decoding: data, as: UTF8.self)
        }
    }

    /// Waits for its end.
    func finish(hasOutput: Bool = true) -> Outcome {
        let rest = hasOutput ? output.fileHandleForReading.readDataToEndOfFile() : Data()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -1,
            output: text + String(decoding: rest, as: UTF8.self),
            errors: String(decoding: said, as: UTF8.self)
        )
    }
}
