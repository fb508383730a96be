import Foundation

/// A process that appends to a journal until it is killed.
final class AppenderProcess {
    private let process = Process()
    private let output = Pipe()
    private var reported: [UInt8] = []

    private static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    init(_ arguments: [String]) throws {
        process.executableURL = Self.products.appendingPathComponent("martlet-journal-bench")
        process.arguments = arguments
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit { kill() }

    /// Reads reports until there are so many; false if it ends before.
    func report(count: Int) -> Bool {
        while reported.count < count * 8 {
            guard let more = try? output.fileHandleForReading.read(upToCount: 4096), !more.isEmpty else { return false }
            reported += more
        }
        return true
    }

    func kill() {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// The number of the last entry that it has called durable, asked for after it was stopped or killed.
    func lastReported() -> UInt64 {
        _ = fcntl(output.fileHandleForReading.fileDescriptor, F_SETFL, O_NONBLOCK)
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(output.fileHandleForReading.fileDescriptor, &bytes, bytes.count)
            if count <= 0 { break }
            reported += bytes.prefix(count)
        }
        return reported.prefix(reported.count / 8 * 8).suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Stops it where it is, and opens what it has in memory under the names it would be kept by.
    func stopAndCopyMemory() -> [(name: String, descriptor: Int32)] {
        Foundation.kill(process.processIdentifier, SIGSTOP)
        var status: Int32 = 0
        waitpid(process.processIdentifier, &status, Int32(WUNTRACED))
        let folder = "/proc/\(process.processIdentifier)/fd"
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var found: [String: Int32] = [:]
        for number in numbers {
            let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(number)")) ?? ""
            guard target.hasPrefix("/memfd:martlet-journal-") else { continue }
            let name = String(target.dropFirst("/memfd:".count).prefix { $0 != " " })
            let descriptor = open("\(folder)/\(number)", O_RDWR | O_CLOEXEC)
            if let other = found.updateValue(descriptor, forKey: name) { close(other) }
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
