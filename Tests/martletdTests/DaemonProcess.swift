import Foundation
import Synchronization
import Testing

/// The real `martletd`, as a process.
final class DaemonProcess {
    private let process = Process()
    private let errors = Pipe()
    private let output = Pipe()
    /// What it has written to standard error and nobody has looked at.
    private var errorText = ""
    /// All that it was heard to write to standard error.
    private(set) var heard = ""

    /// Where the products of this build are: next to the test bundle that is running.
    private static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    /// - Parameter shell: a script that becomes the process with `exec "$@"`.
    init(_ arguments: [String], environment: [String: String] = [:], shell: String? = nil) throws {
        let program = Self.products.appendingPathComponent("martletd").path
        if let shell {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", shell, "sh", program] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
        }
        process.environment = environment
        process.standardError = errors
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        send(signal: SIGKILL)
    }

    /// Starts one on a free port, and waits until it listens there.
    /// - Parameter descriptors: how many the process may have open, if that is to be limited.
    static func listening(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        descriptors: Int? = nil
    ) throws -> (daemon: DaemonProcess, port: UInt16) {
        let all = ["--listen", "127.0.0.1:0"] + arguments
        let limit = descriptors.map { "ulimit -n \($0); exec \"$@\"" }
        let daemon = try DaemonProcess(all, environment: environment, shell: limit)
        let line = try daemon.waitForLog("listening on 127.0.0.1:")
        return (daemon, try #require(UInt16(line.split(separator: ":").last ?? "")))
    }

    func send(signal: Int32) {
        if process.isRunning { kill(process.processIdentifier, signal) }
    }

    /// From now on it may have so many descriptors.
    func limit(descriptors: Int) throws {
        let prlimit = Process()
        prlimit.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
        prlimit.arguments = ["--pid", "\(process.processIdentifier)", "--nofile=\(descriptors):\(descriptors)"]
        try prlimit.run()
        prlimit.waitUntilExit()
    }

    /// The next line on standard error that contains `text`.
    func waitForLog(_ text: String) throws -> String {
        while true {
            while let end = errorText.firstIndex(of: "\n") {
                let line = String(errorText[..<end])
                errorText.removeSubrange(...end)
                if line.contains(text) { return line }
            }
            let more = try #require(try read(errors), "the daemon ended without saying \"\(text)\"")
            hear(more)
        }
    }

    /// The port where it listens; nil if it ends instead.
    func portOrEnd() throws -> UInt16? {
        while !errorText.contains("listening on 127.0.0.1:") || !errorText.hasSuffix("\n") {
            guard let more = try read(errors) else { return nil }
            hear(more)
        }
        return UInt16(try waitForLog("listening on 127.0.0.1:").split(separator: ":").last ?? "")
    }

    /// Waits for its end.
    func finish() throws -> (status: Int32, output: String, errors: String) {
        while let more = try read(errors) { hear(more) }
        var said = ""
        while let more = try read(output) { said += more }
        process.waitUntilExit()
        return (process.terminationReason == .exit ? process.terminationStatus : -1, said, errorText)
    }

    private func hear(_ more: String) {
        errorText += more
        heard += more
    }

    /// What the process has written, or nil at the end. It is given a deadline, and killed when that has passed.
    private func read(_ pipe: Pipe) throws -> String? {
        var watched = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        if poll(&watched, 1, 20_000) != 1 {
            send(signal: SIGKILL)
            Issue.record("the daemon neither says anything nor ends")
        }
        let data = pipe.fileHandleForReading.availableData
        return data.isEmpty ? nil : String(decoding: data, as: UTF8.self)
    }
}
